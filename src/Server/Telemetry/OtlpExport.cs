using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Server.Telemetry;

/// <summary>
/// Sends metrics and traces of a server to an OpenTelemetry collector. Off unless an endpoint is given, by option or by the standard
/// variables <c>OTEL_EXPORTER_OTLP_*</c>, which also set protocol, headers and intervals.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    private static readonly string[] Endpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    ];

    private readonly Meter _meter = new(ServerInstruments.Name + ".Card");
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private OtlpExport(Uri? endpoint, string version, string model, Action<Meter> gauges)
    {
        gauges(_meter);
        void Describe(ResourceBuilder resource) =>
            resource
                .AddService("taalas", serviceVersion: version)
                .AddAttributes([new KeyValuePair<string, object>("taalas.model", model)])
                .AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(ServerInstruments.Name)
            .AddOtlpExporter(o => Configure(o, endpoint, "/v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(ServerInstruments.Name, _meter.Name)
            .AddOtlpExporter(o => Configure(o, endpoint, "/v1/metrics"))
            .Build();
    }

    /// <summary>Starts to export; null when no endpoint is given.</summary>
    /// <param name="endpoint">Address of the collector; null takes that of the environment.</param>
    /// <param name="version">Version of the program.</param>
    /// <param name="model">The model that is served.</param>
    /// <param name="gauges">Adds what is read when metrics are sent.</param>
    /// <exception cref="InputException">The address is none.</exception>
    public static OtlpExport? Start(string? endpoint, string version, string model, Action<Meter> gauges)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
            return null;
        if (endpoint is null && !Array.Exists(Endpoints, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }))
            return null;
        return new OtlpExport(endpoint is null ? null : Address(endpoint), version, model, gauges);
    }

    /// <summary>Checks an address of a collector.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static Uri Address(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InputException($"--otlp-endpoint {endpoint}: use an address such as http://localhost:4318");

    /// <summary>Sends what is left and stops.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
        _meter.Dispose();
    }

    // HTTP is the protocol that the specification recommends; each signal has a path of its own.
    private static void Configure(OtlpExporterOptions options, Uri? endpoint, string path)
    {
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL") is not { Length: > 0 })
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
        if (endpoint is not null)
            options.Endpoint =
                options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(endpoint.ToString().TrimEnd('/') + path) : endpoint;
    }
}
