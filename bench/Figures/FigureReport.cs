using System.Globalization;
using System.Text.Json;
using TaalasSim.Bench.Kernels;
using TaalasSim.Cli.Terminal;

namespace TaalasSim.Bench.Figures;

/// <summary>Measures what was asked for and prints it.</summary>
internal static class FigureReport
{
    public static void Run(FigureOptions options)
    {
        var host = new
        {
            Cores = Environment.ProcessorCount,
            Cpu = CpuName(),
            StreamBytesPerSecond = options.Threads.ToDictionary(t => t.ToString(CultureInfo.InvariantCulture), StreamBandwidth.Measure),
            ByteDotsPerSecondPerCore = ByteDotPeak.Measure(),
        };
        var speed = options.Chosen.Contains("speed") ? SpeedFigures.Measure(options) : [];
        var memory = options.Chosen.Contains("memory") ? MemoryFigures.Measure(options) : [];
        var startup = options.Chosen.Contains("startup") ? StartupFigures.Measure(options) : [];
        if (options.Json)
        {
            Console.Out.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        Host = host,
                        Speed = speed,
                        Memory = memory,
                        Startup = startup,
                    },
                    Json.Options
                )
            );
            return;
        }

        Line($"{host.Cpu}, {host.Cores} cores; medians of {options.Repeat}");
        Line(
            $"byte dots {host.ByteDotsPerSecondPerCore / 1e9:F0} G multiply-adds/s a core; read bandwidth "
                + $"{string.Join(", ", host.StreamBytesPerSecond.Select(s => $"{s.Value / 1e9:F1} GB/s ({s.Key} threads)"))}"
        );
        Print(speed);
        Print(memory);
        Print(startup);
    }

    private static void Print(IReadOnlyList<SpeedRow> rows)
    {
        if (rows.Count == 0)
            return;
        Line(
            $"\n| format | threads | test | tokens/s (best) | peer (best) | ratio | weights GB/s | of bandwidth | G dots/s | of dot "
                + $"peak | binds |"
        );
        Line($"|---|--:|---|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (var r in rows)
            Line(
                $"| {r.Format} | {r.Threads} | {r.Test} | {r.TokensPerSecond:F1} ({r.BestTokensPerSecond:F1}) | "
                    + $"{Pair(r.PeerTokensPerSecond, r.PeerBestTokensPerSecond)} | {r.Ratio:F2} | {r.BytesPerSecond / 1e9:F2} | "
                    + $"{r.ShareOfBandwidth:P0} | {r.ProductsPerSecond / 1e9:F1} | {r.ShareOfDots:P0} | {r.Binds} |"
            );
    }

    private static void Print(IReadOnlyList<MemoryRow> rows)
    {
        if (rows.Count == 0)
            return;
        Line($"\n| model | weights touched MB | KV MB | peak resident MB | ratio | managed heap at most MiB |");
        Line($"|---|--:|--:|--:|--:|--:|");
        foreach (var r in rows)
            Line(
                $"| {r.Model} | {r.TouchedBytes / 1e6:F1} | {r.KvBytes / 1e6:F1} | {r.PeakBytes / 1e6:F1} | {r.Ratio:F3} | "
                    + $"{r.HeapLimitBytes >> 20} |"
            );
    }

    private static void Print(IReadOnlyList<StartupRow> rows)
    {
        if (rows.Count == 0)
            return;
        Line($"\n| model | page cache | touched GB | first token s | reading s | ratio |");
        Line($"|---|---|--:|--:|--:|--:|");
        foreach (var r in rows)
            Line($"| {r.Model} | {r.Cache} | {r.TouchedBytes / 1e9:F2} | {r.FirstTokenSeconds:F2} | {r.ReadSeconds:F2} | {r.Ratio:F2} |");
    }

    private static string Pair(double? median, double? best) => median is null ? "" : $"{median:F1} ({best:F1})";

    // Invariant: the process runs without cultures.
    private static void Line(string text) => Console.Out.WriteLine(text);

    private static string CpuName()
    {
        const string Info = "/proc/cpuinfo";
        return
            File.Exists(Info) && File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]
            : "unknown processor";
    }
}
