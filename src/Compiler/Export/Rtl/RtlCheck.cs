using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Export;

/// <summary>Builds exported Verilog with Verilator, runs it, and compares every column sum bit for bit and every result's cycle exactly.</summary>
public static class RtlCheck
{
    /// <summary>Checks random codes and vectors of one configuration.</summary>
    /// <param name="config">Parameters.</param>
    /// <param name="seed">Seed of codes, scales and vectors.</param>
    /// <param name="cancel">Stops the tools.</param>
    public static Task<RtlCheckResult> RunAsync(RtlConfig config, int seed, CancellationToken cancel = default) => RunAsync([RtlCase.Random(config, seed)], cancel);

    /// <summary>Checks any number of cases in one build.</summary>
    /// <exception cref="InputException">Verilator or a C++ compiler is missing or refuses the files.</exception>
    public static async Task<RtlCheckResult> RunAsync(IReadOnlyList<RtlCase> cases, CancellationToken cancel = default)
    {
        var folder = Directory.CreateTempSubdirectory("taalas-rtl-");
        try
        {
            var files = RtlBench.Write(cases, folder.FullName);
            await ExternalTool.RunAsync("verilator", [
                "--cc", "--exe", "--build", "-j", "2", "-Wno-fatal", "--top-module", RtlBench.Top, "-o", "bench",
                // A simulation is short and the compiler is what takes time.
                "-MAKEFLAGS", "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0", .. files, RtlBench.MainFile
            ], folder.FullName, cancel).ConfigureAwait(false);
            var bench = Path.Combine(folder.FullName, "obj_dir", "bench");
            var (output, _) = await ExternalTool.RunAsync(bench, [], folder.FullName, cancel).ConfigureAwait(false);
            return Compare(cases, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Random configurations within what the modules take; sizes small enough for many in one build.</summary>
    public static IReadOnlyList<RtlConfig> RandomConfigs(int count, int seed)
    {
        var random = new Random(seed);
        var configs = new RtlConfig[count];
        for (var i = 0; i < count; i++)
        {
            var accumulator = random.Next(8, 33);
            // Every width from 2 to 8 comes in turn; product generators of wide codes are large, so there are fewer of them.
            var codeBits = 2 + (i % 7);
            var scaleColumns = 1 + random.Next(random.Next(2) == 0 ? 5 : BankArithmetic.BlockRows);
            configs[i] = new RtlConfig
            {
                Segments = random.Next(1, codeBits > 6 ? 3 : 8),
                Rows = random.Next(3) == 0 ? 32 * random.Next(1, 5) : random.Next(2, 140),
                Columns = random.Next(1, 9),
                CodeBits = codeBits,
                ActivationBits = random.Next(2, 17),
                AccumulatorBits = accumulator,
                PartialSumBits = random.Next(accumulator, Math.Min(accumulator + 4, 48)),
                PipelineCycles = BankSpec.ScaleStages + scaleColumns + random.Next(0, 7),
                ScaleColumns = scaleColumns,
                ReductionCyclesPerLevel = random.Next(1, 4),
            };
        }

        return configs;
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
                faults.Add($"case {index}, vector {v}: result after {cycle - starts[v]} cycles, the fabric's timing says {port.Config.LatencyCycles}");
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
