using System.Diagnostics;
using System.Net.Http.Json;
using TaalasSim.Bench.Models;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Server;
using TaalasSim.Server.Settings;

namespace TaalasSim.Bench.Figures;

/// <summary>
/// What the server adds to one stream: the same tokens of the 125 M model on one powered card, in turns without the server, as <c>run</c>
/// makes them, and through it over HTTP as a stream. Times are those of this process, the client's included.
/// </summary>
internal static class ServerOverhead
{
    private const int PromptTokens = 16;

    public static void Run(FigureOptions options, int tokens)
    {
        var image = Images.Chip(options, LlamaShape.Small, "q8_0");
        var library = new DesignLibrary("chips");
        using var host = SimulatedHost.PowerOn(
            image,
            chip => KernelBackends.Create("simd", Numerics.Reference, HardwareNumerics.Of(chip.Fabric), options.Threads[^1]),
            chip => new AnalyticPassTiming(chip.Plan(), library.Technology(chip.Fabric.Technology)),
            context: 512,
            chip => new CardOptions { Link = new LatencyModel(chip.Fabric.Card, library.HostLink("pcie"), LatencyMode.Typical) }
        );
        var prompt = Enumerable.Range(100, PromptTokens).ToArray();
        var settings = new ServerOptions { Port = 0, SlotContext = 512 };
        var model = new ServedModel(host.Chip, host.Tokenizer, settings, null, "Q8_0");
        Measure(host, model, settings, prompt, tokens, options.Repeat).GetAwaiter().GetResult();
    }

    private static async Task Measure(SimulatedHost host, ServedModel model, ServerOptions settings, int[] prompt, int tokens, int repeat)
    {
        await using var server = await ChatServer.Start(host, model, settings, CancellationToken.None).ConfigureAwait(false);
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        Task Alone()
        {
            var sampler = SamplerSettings.Greedy;
            host.Generate(
                prompt,
                new GenerationRequest
                {
                    MaximumTokens = tokens,
                    Sampler = sampler,
                    IgnoreEndOfGeneration = true,
                }
            );
            return Task.CompletedTask;
        }
        async Task Served()
        {
            var body = new
            {
                prompt,
                n_predict = tokens,
                temperature = 0,
                cache_prompt = false,
                stream = true,
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/completion") { Content = JsonContent.Create(body) };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
            var count = text.Split("\"content\":").Length - 1;
            // The last event tells the whole again.
            if (count < tokens)
                throw new InvalidOperationException($"{count} of {tokens} tokens came: {text[..Math.Min(200, text.Length)]}");
        }
        await Alone().ConfigureAwait(false);
        await Served().ConfigureAwait(false);
        var pairs = new List<((double Wall, double Cpu) Alone, (double Wall, double Cpu) Served)>();
        for (var i = 0; i < repeat; i++)
            pairs.Add((await Time(Alone).ConfigureAwait(false), await Time(Served).ConfigureAwait(false)));
        foreach (var (name, of) in new (string, Func<(double Wall, double Cpu), double>)[] { ("wall", t => t.Wall), ("CPU", t => t.Cpu) })
        {
            var (alone, served) = (Statistics.Median(pairs.Select(p => of(p.Alone))), Statistics.Median(pairs.Select(p => of(p.Served))));
            var ratio = Statistics.Median(pairs.Select(p => of(p.Served) / of(p.Alone)));
            Console.Out.WriteLine(
                FormattableString.Invariant(
                    $"{name}: {1e3 * alone / tokens:F3} ms a token without the server, {1e3 * served / tokens:F3} with it; ratio {ratio:F3}"
                )
            );
        }
    }

    private static async Task<(double Wall, double Cpu)> Time(Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await work().ConfigureAwait(false);
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - cpu).TotalSeconds);
    }
}
