using System.Diagnostics;
using System.Globalization;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Bench.Sweeps;

/// <summary>Speed of replayed traces: many configurations of Llama 3.1 8B on hc1, an H200 and a pair of both.</summary>
internal static class TraceSpeed
{
    private const int Requests = 1000;

    /// <summary>Runs from the root of a checkout.</summary>
    /// <param name="configurations">Configurations, about: rates times replicas times three systems.</param>
    public static void Run(int configurations)
    {
        int[] replicas = [1, 2, 4, 8];
        var rates = Math.Max(1, (int)Math.Ceiling(configurations / 3.0 / replicas.Length));
        var library = new DesignLibrary("chips");
        var fabric = library.Fabric("hc1");
        var watch = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var plan = DesignLibrary.Plan(library.Shape("llama-3.1-8b"), fabric, fabric.DefaultWeights);
        // From a tenth of a request a second to a hundred.
        var traces = Enumerable
            .Range(0, rates)
            .Select(i =>
                GenerateTrace.Of(
                    new TrafficSpec
                    {
                        RequestsPerSecond = 0.1 * Math.Pow(1000, i / Math.Max(1.0, rates - 1)),
                        Requests = Requests,
                        MeanPrompt = 1000,
                        MeanAnswer = 250,
                        MostTokens = 3900,
                        Lengths = LengthKind.Exponential,
                    }
                )
            )
            .ToArray();
        var report = ReplayTraces.Of(
            library,
            plan,
            traces,
            new TraceSystems(["h200"], true, replicas),
            PriceTerms.Of(library),
            2,
            null,
            CancellationToken.None
        );
        var (wall, cpu) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        var served = report.Rows.Count(r => r.Figures is not null);
        Say($"{served} configurations of {Requests} requests with intervals, two threads", wall, "s");
        Say("  processor time", cpu, "s");
        Say("  processor time per request and replay", cpu / (3.0 * served * Requests) * 1e6, "µs");
        Say("  peak memory", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, "MB");
    }

    private static void Say(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what, -72} {value, 10:G4} {unit}"));
}
