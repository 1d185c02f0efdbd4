using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Server.Endpoints;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;
using TaalasSim.Server.Telemetry;

namespace TaalasSim.Server;

/// <summary>A server over a chip: llama-server's, OpenAI's, Anthropic's and Ollama's endpoints, through the driver and the card.</summary>
public sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SlotScheduler _slots;
    private readonly OtlpExport? _export;

    private ChatServer(WebApplication app, SlotScheduler slots, OtlpExport? export) => (_app, _slots, _export) = (app, slots, export);

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a server.</summary>
    /// <param name="host">Host with the card; stays the caller's.</param>
    /// <param name="model">The model, as endpoints tell of it.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancel">Stops the start.</param>
    /// <exception cref="InputException">The address cannot be listened on, or the certificate cannot be read.</exception>
    public static async Task<ChatServer> Start(SimulatedHost host, ServedModel model, ServerOptions options, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        var app = builder.Build();
        var slots = new SlotScheduler(host, options);
        try
        {
            var router = new Router(model, host, slots, options, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("server"));
            app.Run(router.Run);
            await app.StartAsync(cancel).ConfigureAwait(false);
            var export = OtlpExport.Start(options.OtlpEndpoint, options.Build, model.Id, meter => AddGauges(meter, host, slots));
            return new ChatServer(app, slots, export);
        }
        catch (IOException e)
        {
            slots.Dispose();
            await app.DisposeAsync().ConfigureAwait(false);
            throw new InputException($"--host {options.Host} --port {options.Port}: {e.Message}", e);
        }
        catch
        {
            slots.Dispose();
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for <paramref name="stop"/>, then answers what has begun and refuses what comes.</summary>
    /// <param name="patience">Longest wait for answers that have begun.</param>
    /// <param name="stop">Says when to stop.</param>
    public async Task RunUntil(CancellationToken stop, TimeSpan patience)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await _slots.Drain(patience).ConfigureAwait(false);
        }
    }

    /// <summary>Stops listening and frees the slots.</summary>
    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token).ConfigureAwait(false);
        _export?.Dispose();
        _slots.Dispose();
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static void AddGauges(Meter meter, SimulatedHost host, SlotScheduler slots)
    {
        meter.CreateObservableGauge("taalas.card.power", () => host.Telemetry().Watts, "W", "Power of the simulated card.");
        meter.CreateObservableGauge(
            "taalas.card.temperature",
            () => host.Telemetry().Kelvin - 273.15,
            "Cel",
            "Junction temperature of the simulated card."
        );
        meter.CreateObservableGauge("taalas.slots.busy", () => slots.Processing, "{slot}", "User slots at work.");
        meter.CreateObservableGauge("taalas.queue", () => slots.Deferred, "{request}", "Requests that wait for a slot.");
    }

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaximumBody;
        kestrel.Limits.MaxConcurrentConnections = options.MaximumConnections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        void Secure(ListenOptions listen)
        {
            if (options.TlsCertificate is null)
                return;
            try
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(options.TlsCertificate, options.TlsKey));
            }
            catch (Exception e) when (e is IOException or System.Security.Cryptography.CryptographicException)
            {
                throw new InputException($"--ssl-cert-file {options.TlsCertificate}: {e.Message}", e);
            }
        }
        if (options.Host == "localhost" && options.Port > 0)
            kestrel.ListenLocalhost(options.Port, Secure);
        else
            kestrel.Listen(
                IPAddress.TryParse(options.Host, out var address) ? address
                    : options.Host == "localhost" ? IPAddress.Loopback
                    : throw new InputException($"--host {options.Host}: use an IP address or localhost"),
                options.Port,
                Secure
            );
    }
}
