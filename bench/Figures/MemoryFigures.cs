using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Bench.Figures;

/// <summary>Peak resident set of <c>taalas run</c> with a prompt of 512 tokens and 32 new ones.</summary>
internal static class MemoryFigures
{
    private const int Prompt = 512,
        Generated = 32;
    private const long HeapLimit = 64L << 20;

    public static IReadOnlyList<MemoryRow> Measure(FigureOptions options) =>
        [
            .. options.Models.Select(shape =>
            {
                var chip = Images.Chip(options, shape, "q8_0");
                var work = new ChipWork(chip);
                Console.Error.WriteLine($"memory of {shape.Name}");
                var ids = string.Join(',', Enumerable.Range(1000, Prompt));
                var run = Child.Taalas(
                    ["run", chip, "--prompt-ids", ids, "-n", Generated.ToString(CultureInfo.InvariantCulture), "--greedy", "--ignore-eos"],
                    ("DOTNET_GCHeapHardLimit", HeapLimit.ToString("X", CultureInfo.InvariantCulture))
                );
                return new MemoryRow
                {
                    Model = Path.GetFileNameWithoutExtension(chip),
                    TouchedBytes = work.TouchedBytes,
                    KvBytes = work.KvBytes(Prompt + Generated),
                    PeakBytes =
                        run.PeakBytes > 0
                            ? run.PeakBytes
                            : throw new InputException("memory: this system does not tell the peak of a process; use Linux"),
                    HeapLimitBytes = HeapLimit,
                };
            }),
        ];
}
