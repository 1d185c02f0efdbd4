using System.Diagnostics;

namespace TaalasSim.Bench.Figures;

/// <summary>Time to the first token of <c>taalas run</c>, from the start of the process, turn by turn with reading the same
/// bytes.</summary>
internal static class StartupFigures
{
    public static IReadOnlyList<StartupRow> Measure(FigureOptions options)
    {
        var rows = new List<StartupRow>();
        foreach (var shape in options.Models)
        {
            var chip = Images.Chip(options, shape, "q8_0");
            var (path, parts) = new ChipWork(chip).Touched();
            foreach (var cold in PageCache.CanDrop ? new[] { true, false } : [false])
            {
                var turns = new List<(double Token, double Read)>();
                if (!cold)
                    Read(path, parts);
                for (var i = 0; i < options.Repeat; i++)
                {
                    Console.Error.WriteLine($"start of {shape.Name}, {(cold ? "cold" : "warm")}, turn {i + 1} of {options.Repeat}");
                    if (cold)
                        PageCache.Drop(path);
                    var token = Child.Taalas(["run", chip, "--prompt-ids", "1000", "-n", "1", "--greedy", "--ignore-eos"]).FirstByteSeconds;
                    if (cold)
                        PageCache.Drop(path);
                    turns.Add((token, Read(path, parts)));
                }

                rows.Add(
                    new StartupRow
                    {
                        Model = Path.GetFileNameWithoutExtension(chip),
                        Cache = cold ? "cold" : "warm",
                        TouchedBytes = parts.Sum(p => p.Bytes),
                        FirstTokenSeconds = Statistics.Median(turns.Select(t => t.Token)),
                        ReadSeconds = Statistics.Median(turns.Select(t => t.Read)),
                        Ratio = Statistics.Median(turns.Select(t => t.Token / t.Read)),
                    }
                );
            }
        }

        return rows;
    }

    private static double Read(string path, IReadOnlyList<(long From, long Bytes)> parts)
    {
        var from = Stopwatch.GetTimestamp();
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = new byte[1 << 20];
        foreach (var (at, bytes) in parts)
            for (long done = 0; done < bytes; )
                done += RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes - done)), at + done);
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }
}
