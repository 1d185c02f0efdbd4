using System.Diagnostics;
using System.Globalization;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Bench.Sweeps;

/// <summary>Speed of sweeps with their tables, and of a single design point: Llama 3.1 8B on hc1. Times are of the clock on the wall and of
/// the processor; other work on the machine disturbs the first.</summary>
internal static class SweepSpeed
{
    private const string Head = """
        name: speed
        model: llama-3.1-8b
        fabric: hc1
        service: { input_tokens: 200, output_tokens: 100, users: 1 }
        vary:
          - { field: fabric.vector.lanes, values: [8192, 16384] }
          - { field: fabric.numerics.kv_bits, values: [8, 4] }
        """;

    /// <summary>Runs from the root of a checkout.</summary>
    /// <param name="points">Points of the sweep without draws; the sweep with 60 draws has a tenth of them.</param>
    public static void Run(int points)
    {
        var library = new DesignLibrary("chips");
        Points(library);
        Compared(library);
        Sweep(library, points, draws: 0);
        Sweep(library, Math.Max(40, points / 10), draws: 60);
        Say("peak memory", Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, "MB");
    }

    // One point after another, each of another context, so that nothing of the last one is known.
    private static void Points(DesignLibrary library)
    {
        var fabric = library.Fabric("hc1");
        var (technology, prices) = (library.Technology(fabric.Technology), library.Prices());
        var chip = EvaluationInput.Of(DesignLibrary.Plan(library.Shape("llama-3.1-8b"), fabric, fabric.DefaultWeights));
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(200, 100));
        foreach (var users in new[] { 1, 4, (int)figures.UsersToSaturate })
        {
            var fastest = double.PositiveInfinity;
            for (var pass = 0; pass < 5; pass++)
            {
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < 500; i++)
                    ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(200 + i, 100, users));
                fastest = Math.Min(fastest, watch.Elapsed.TotalMicroseconds / 500);
            }

            Say($"design point, {users} users", fastest, "µs");
        }
    }

    // The same points one by one, as compare has them: descriptions bound from their files, chip placed anew.
    private static void Compared(DesignLibrary library)
    {
        using var folder = new Folder();
        var (spec, path) = Spec(folder, 4000);
        using var evaluate = new EvaluateDesign(library, spec, path, 0);
        var worst = 0.0;
        var watch = Stopwatch.StartNew();
        var compared = 0;
        for (var i = 0; i < SweepGrid.Count(spec); i += 97)
        {
            var point = SweepGrid.Point(spec, i);
            var fabric = library.Fabric(spec.Fabric, point.FabricOverrides);
            var technology = library.Technology(fabric.Technology, point.TechnologyOverrides);
            var chip = EvaluationInput.Of(DesignLibrary.Plan(library.Shape(spec.Model), fabric, fabric.DefaultWeights));
            var asked = point.Service;
            var service = new ServiceShape(asked.InputTokens, asked.OutputTokens, asked.Users);
            var alone = ChipEvaluation.Evaluate(chip, technology, library.Prices(), service);
            var swept = evaluate.Evaluate(point);
            if (swept.DoesNotFit is not null)
                continue;
            compared++;
            worst = Math.Max(worst, Off(swept.Watts!.Value.Value, FigureCatalog.Watts.Read(alone)));
            worst = Math.Max(worst, Off(swept.TokensPerSecondTotal!.Value.Value, FigureCatalog.TokensPerSecondTotal.Read(alone)));
            worst = Math.Max(worst, Off(swept.UsdPerMillionTokens!.Value.Value, FigureCatalog.UsdPerMillionTokens.Read(alone)));
        }

        Say($"points alone ({compared}), each", watch.Elapsed.TotalMilliseconds / compared, "ms");
        Say("widest difference from points alone", worst, "of the figure");

        static double Off(double value, double expected) => Math.Abs(value - expected) / Math.Abs(expected);
    }

    private static void Sweep(DesignLibrary library, int points, int draws)
    {
        using var folder = new Folder();
        var (spec, path) = Spec(folder, points);
        using var evaluate = new EvaluateDesign(library, spec, path, draws);
        var watch = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var result = SweepRunner.Run(
            spec,
            Path.Combine(folder.Path, "out"),
            evaluate.Evaluate,
            new SweepOptions { Threads = 2, Inputs = evaluate.Inputs }
        );
        var (wall, cpu) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        var count = result.Rows.Count;
        Say($"{count} points with {draws} draws, tables included, two threads", wall, "s");
        Say("  processor time per point", cpu / count * 1e6, "µs");
        Say("  points with figures", result.Rows.Count(r => r.Status == SweepStatus.Ok), "");
        Say("  sweep.parquet", new FileInfo(Path.Combine(folder.Path, "out", SweepTable.ParquetName)).Length / 1e6, "MB");
    }

    // Two sizes, a constant of the fabric, one of the process, users and prompt lengths.
    private static (SweepSpec Spec, string Path) Spec(Folder folder, int points)
    {
        var clocks = Math.Clamp(points / 400, 2, 100);
        var lengths = Math.Max(2, points / (4 * clocks * 5 * 4));
        var path = System.IO.Path.Combine(folder.Path, "speed.yaml");
        File.WriteAllText(
            path,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                {{Head}}
                  - { field: fabric.clock_ghz, range: { from: 0.5, to: 1, steps: {{clocks}} } }
                  - { field: technology.wafer.defects_per_cm2, values: [0.05, 0.08, 0.1, 0.15, 0.2] }
                  - { field: service.users, values: [1, 2, 4, 8] }
                  - { field: service.input_tokens, range: { from: 50, to: {{50 + lengths}}, steps: {{lengths}} } }
                """
            )
        );
        return (SweepFile.Read(path), path);
    }

    private static void Say(string what, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what, -60} {value, 12:G4} {unit}"));

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("taalas-bench-sweep-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
