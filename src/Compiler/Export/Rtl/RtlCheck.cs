using System.Globalization;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Builds exported Verilog with Verilator, runs it, and compares every column sum bit for bit and every result's cycle
/// exactly.</summary>
public static class RtlCheck
{
    private const int CasesOfBuild = 50;

    /// <summary>Checks random codes and vectors of one configuration.</summary>
    /// <param name="config">Parameters.</param>
    /// <param name="seed">Seed of codes, scales and vectors.</param>
    /// <param name="cancel">Stops the tools.</param>
    public static Task<RtlCheckResult> RunAsync(RtlConfig config, int seed, CancellationToken cancel = default) =>
        RunAsync([RtlCase.Random(config, seed)], cancel: cancel);

    /// <summary>Checks any number of cases, many in one build and two builds at a time.</summary>
    /// <param name="cases">Ports to simulate.</param>
    /// <param name="keep">Folder that keeps Verilog, program and log; several builds are in <c>build0</c>, <c>build1</c>, … below it. Null:
    /// nothing is kept.</param>
    /// <param name="prepare">Called with the folder of each build between writing and building.</param>
    /// <param name="cancel">Stops the tools.</param>
    /// <exception cref="InputException">Verilator or a C++ compiler is missing or refuses the files.</exception>
    public static async Task<RtlCheckResult> RunAsync(
        IReadOnlyList<RtlCase> cases,
        string? keep = null,
        Action<string>? prepare = null,
        CancellationToken cancel = default
    )
    {
        // Banks of like widths share modules.
        var builds = Enumerable
            .Range(0, cases.Count)
            .OrderBy(i => cases[i].Config.CodeBits)
            .ThenBy(i => cases[i].Config.ActivationBits)
            .Chunk(CasesOfBuild)
            .ToArray();
        var outputs = new string[builds.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel };
        await Parallel
            .ForAsync(0, builds.Length, options, async (i, stop) =>
                outputs[i] = await InFolderAsync(keep is null || builds.Length == 1 ? keep : Path.Combine(keep, $"build{i}"), folder =>
                        BuildAndRunAsync(cases, builds[i], folder, prepare, stop)
                    )
                    .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return Compare(cases, string.Concat(outputs));
    }

    // Without a folder to keep, one that goes when the run is over.
    private static async Task<string> InFolderAsync(string? keep, Func<string, Task<string>> run)
    {
        if (keep is not null)
            return await run(Directory.CreateDirectory(OutputTarget.OfFolder(keep)).FullName).ConfigureAwait(false);
        using var folder = WorkFolder.Create();
        return await run(folder.Path).ConfigureAwait(false);
    }

    private static async Task<string> BuildAndRunAsync(
        IReadOnlyList<RtlCase> cases,
        IReadOnlyList<int> chosen,
        string folder,
        Action<string>? prepare,
        CancellationToken cancel
    )
    {
        var files = RtlBench.Write(cases, chosen, folder);
        prepare?.Invoke(folder);
        await ExternalTool
            .RunAsync(
                "verilator",
                [
                    "--cc",
                    "--exe",
                    "--build",
                    "-j",
                    "2",
                    "-Wno-fatal",
                    "-DROM_BY_PATH",
                    "--top-module",
                    RtlBench.Top,
                    "-o",
                    "bench",
                    // A simulation is short and the compiler is what takes time: the least C++, in one piece, not optimised.
                    "-fno-expand",
                    "-fno-dfg",
                    "-MAKEFLAGS",
                    "VM_PARALLEL_BUILDS=0 OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0",
                    RtlBench.ControlFile,
                    .. files,
                    RtlBench.MainFile,
                ],
                folder,
                cancel
            )
            .ConfigureAwait(false);
        var (output, _) = await ExternalTool.RunAsync(Path.Combine(folder, "obj_dir", "bench"), [], folder, cancel).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(folder, "run.log"), output, cancel).ConfigureAwait(false);
        return output;
    }

    /// <summary>
    /// Random configurations, no two alike: every pair of code and activation width in turn, 1…15 segments, 2…511 rows, 1…63 columns, every
    /// width of accumulator. Sizes are even on a logarithmic scale. A build takes as long as it has columns, those of wide codes the
    /// longest: most ports therefore have at most 24 columns in all their banks, half of that for every code bit above 5; one in sixteen
    /// has more than 7 segments and one in sixteen more than 15 columns.
    /// </summary>
    /// <param name="count">Configurations.</param>
    /// <param name="seed">Seed; the same seed gives the same configurations everywhere.</param>
    public static IReadOnlyList<RtlConfig> RandomConfigs(int count, int seed)
    {
        var random = new Random(seed);
        var configs = new List<RtlConfig>(count);
        var known = new HashSet<RtlConfig>(count);
        while (configs.Count < count)
        {
            // 7 widths of codes and 15 of activations have no common factor.
            var (codeBits, activationBits) = (2 + (configs.Count % 7), 2 + (configs.Count % 15));
            var large = codeBits > 6 ? 0 : configs.Count % 16;
            var (segments, columns) = large switch
            {
                5 => (Spread(random, 3, 3), Spread(random, 0, 2)),
                11 => (Spread(random, 0, 1), Spread(random, 4, 5)),
                _ => (Spread(random, 0, 2), Spread(random, 0, 3)),
            };
            if (large is not (5 or 11) && (segments * columns) << Math.Max(0, codeBits - 5) > 24)
                continue;
            var accumulator = random.Next(8, 33);
            var columnsPerScaleUnit = 1 + random.Next(random.Next(2) == 0 ? 5 : BankArithmetic.BlockRows);
            // One bank in three has whole blocks only.
            var rows = random.Next(3) == 0 ? 32 * Spread(random, 0, 3) : Spread(random, 1, 8);
            var config = new RtlConfig
            {
                Segments = segments,
                Rows = rows,
                Columns = columns,
                CodeBits = codeBits,
                ActivationBits = activationBits,
                AccumulatorBits = accumulator,
                PartialSumBits = random.Next(accumulator, Math.Min(accumulator + 4, 48)),
                PipelineCycles = BankArithmetic.ScaleStages + columnsPerScaleUnit + random.Next(0, 7),
                ColumnsPerScaleUnit = columnsPerScaleUnit,
                ReductionCyclesPerLevel = random.Next(1, 4),
            };
            if (known.Add(config))
                configs.Add(config);
        }

        return configs;
    }

    // From 2^low to 2^(high + 1) - 1, every power of two as often as the next.
    private static int Spread(Random random, int low, int high)
    {
        var power = random.Next(low, high + 1);
        return random.Next(1 << power, 2 << power);
    }

    /// <summary>Compares what a bench printed with the model.</summary>
    /// <param name="cases">Cases in the order of the bench.</param>
    /// <param name="output">Lines <c>start CASE VECTOR CYCLE</c> and <c>result CASE CYCLE HEX</c>; others are ignored.</param>
    public static RtlCheckResult Compare(IReadOnlyList<RtlCase> cases, string output)
    {
        var starts = cases.Select(c => new List<long>(c.Vectors.Length)).ToArray();
        var results = cases.Select(c => new List<(long Cycle, string Hex)>(c.Vectors.Length)).ToArray();
        foreach (var line in output.Split('\n', StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["start", var startCase, _, var startCycle])
                starts[Number(startCase)].Add(Number(startCycle));
            else if (words is ["result", var resultCase, var resultCycle, var hex])
                results[Number(resultCase)].Add((Number(resultCycle), hex));
        }

        var faults = new List<string>();
        var sums = 0;
        for (var i = 0; i < cases.Count; i++)
            sums += Compare(i, cases[i], starts[i], results[i], faults);
        return new RtlCheckResult
        {
            Cases = cases.Count,
            Vectors = cases.Sum(c => c.Vectors.Length),
            Sums = sums,
            Saturated = cases.Sum(c => c.SaturatedColumns()),
            Faults = faults,
        };
    }

    private static int Compare(int index, RtlCase port, List<long> starts, List<(long Cycle, string Hex)> results, List<string> faults)
    {
        if (starts.Count != port.Vectors.Length || results.Count != starts.Count)
            faults.Add($"case {index}: {port.Vectors.Length} vectors, {starts.Count} starts and {results.Count} results");
        var actual = new long[port.Config.Columns];
        var compared = 0;
        for (var v = 0; v < Math.Min(starts.Count, results.Count); v++)
        {
            var (cycle, hex) = results[v];
            if (cycle - starts[v] != port.Config.LatencyCycles)
                faults.Add(
                    $"case {index}, vector {v}: result after {cycle - starts[v]} cycles, the fabric's timing says "
                        + $"{port.Config.LatencyCycles}"
                );
            HexRows.Parse(hex, port.Config.PartialSumBits, actual);
            var expected = port.Expected(v);
            for (var c = 0; c < actual.Length; c++, compared++)
                if (actual[c] != expected[c])
                    faults.Add($"case {index}, vector {v}, column {c}: {actual[c]}, expected {expected[c]}");
        }

        return compared;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
