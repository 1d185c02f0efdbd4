using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Runtime.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Rtl;

/// <summary>Faults put into a chip's Verilog, its C++ and its data: the comparison with the simulator must find each. One build holds all
/// faults, and a file of the run chooses one.</summary>
[TestFixture]
[Category("Timing")]
[Category("Slow")]
public sealed class RtlMutationTests
{
    // The tokens stand in all groups and halves of the embedding, and enough of them that words of the KV memory meet.
    private static readonly int[] Prompt = [5, 31, 12];

    private const int Answers = 4;

    [Test]
    public async Task Faults_in_the_chips_sources_are_found()
    {
        var chip = await Build();
        // The normal run takes every tenth.
        var chosen = Enumerable.Range(1, ChipFaults.All.Count).Where(i => Shared.All || i % 10 == 1).ToArray();
        var missed = new List<string>();
        foreach (var number in chosen)
        {
            RtlFault.Choose(chip.Folder, number);
            if (await Passes(chip.Simulation))
                missed.Add(ChipFaults.All[number - 1].ToString());
        }

        TestContext.Out.WriteLine($"{chosen.Length} faults, {missed.Count} missed");
        RtlFault.Choose(chip.Folder, 0);
        Assert.Multiple(async () =>
        {
            Assert.That(missed, Is.Empty);
            Assert.That(await Passes(chip.Simulation), "without a fault the chip is right");
        });
    }

    [Test]
    public async Task Faults_in_ROM_program_and_constants_are_found()
    {
        var chip = await Build();
        var random = new Random(5);
        var missed = new List<string>();
        var faults = Data(chip.Simulation.Rtl, random).Take(Shared.All ? 40 : 6).ToArray();
        foreach (var (file, edit, what) in faults)
        {
            var path = Path.Combine(chip.Folder, file);
            var before = await File.ReadAllTextAsync(path);
            var lines = before.Split('\n');
            edit(lines);
            await File.WriteAllTextAsync(path, string.Join('\n', lines));
            if (await Passes(chip.Simulation))
                missed.Add($"{file}: {what}");
            await File.WriteAllTextAsync(path, before);
        }

        Assert.That(missed, Is.Empty);
    }

    // A code, a scale, an instruction, a constant, and so on.
    private static IEnumerable<(string File, Action<string[]> Edit, string What)> Data(ChipRtl rtl, Random random)
    {
        var matrices = rtl.Plan.Matrices.Where(m => m.Role != MatrixRole.Embedding).ToArray();
        var constants = matrices.Select(m => rtl.Program.Vector(VectorEntry.ColumnScalesOf(m.Name))).ToArray();
        while (true)
        {
            var matrix = matrices[random.Next(matrices.Length)];
            var sites = Enumerable
                .Range(0, rtl.Straps.Count)
                .Where(s => rtl.Straps[s].Matrix == matrix.Id && rtl.Straps[s].InputSegment == 0)
                .ToArray();
            var site = sites[random.Next(sites.Length)];
            var (row, column, bit) = (random.Next(Math.Min(matrix.Inputs, matrix.BankRows)), random.Next(8), random.Next(2, 4));
            yield return ($"site_{site}.codes.hex", l => Flip(l, row, (column * 4) + bit), $"row {row}, column {column}, bit {bit}");
            yield return ($"site_{site}.scales.hex", l => Flip(l, 0, (column * 8) + 5), $"scale of column {column}");
            var instruction = random.Next(rtl.Program.Instructions.Count);
            // Operation, region, first step, beats to collect.
            var field = (int[])[0, 8, 32, 112];
            var at = field[random.Next(field.Length)];
            var (operation, steps) = (rtl.Program.Instructions[instruction].Operation, rtl.Program.Instructions[instruction].Steps);
            // The embedding has no region, and only a product collects.
            var means = at switch
            {
                0 => true,
                8 => operation != ChipOperation.Embedding,
                32 => steps > 0,
                _ => operation is ChipOperation.Product or ChipOperation.Sample,
            };
            if (means)
                yield return ("program.hex", l => Flip(l, instruction, at), $"instruction {instruction}, bit {at}");
            var constant = constants[random.Next(constants.Length)] + random.Next(8);
            yield return ("vectors.hex", l => Flip(l, constant, 20), $"float {constant}");
        }
    }

    private static void Flip(string[] lines, int line, int bit)
    {
        var digits = lines[line].ToCharArray();
        ref var digit = ref digits[^((bit / 4) + 1)];
        var value = int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture) ^ (1 << (bit % 4));
        digit = value.ToString("x", CultureInfo.InvariantCulture)[0];
        lines[line] = new string(digits);
    }

    private static async Task<bool> Passes(ChipSimulation simulation)
    {
        try
        {
            return (await simulation.RunAsync(Prompt, Answers)).Agrees;
        }
        catch (ChipModel.Files.InputException)
        {
            // The run itself stopped.
            return false;
        }
    }

    private static async Task<FaultyChip> Build()
    {
        Tools.Need("verilator");
        return await Built.Value;
    }

    // One build serves both tests.
    private static Lazy<Task<FaultyChip>> Built { get; } = new(BuildOnce);

    private static async Task<FaultyChip> BuildOnce()
    {
        var folder = TemporaryFolder.New();
        var simulation = await ChipSimulation.BuildAsync(TinyChip.Compile(), folder, prepare: f => RtlFault.PutInto(f, ChipFaults.All));
        return new FaultyChip(simulation, folder);
    }

    private sealed record FaultyChip(ChipSimulation Simulation, string Folder);
}
