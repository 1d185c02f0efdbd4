using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export.Rtl;

[TestFixture]
[Category("Timing")]
public sealed class RtlTests
{
    private static readonly RtlConfig Small = new()
    {
        Segments = 3,
        Rows = 70,
        Columns = 4,
        CodeBits = 3,
        ActivationBits = 8,
        AccumulatorBits = 26,
        PartialSumBits = 32,
        PipelineCycles = 8,
        ReductionCyclesPerLevel = 2,
    };

    [Test]
    [Category("Slow")]
    public async Task Verilog_of_random_banks_gives_the_models_sums_in_the_fabrics_cycle()
    {
        Tools.Need("verilator");
        // Of the seeds with trees of two levels, whole and short last blocks, the one that takes Verilator the least time.
        var configs = RtlCheck.RandomConfigs(7, 1379);
        var result = await RtlCheck.RunAsync([.. configs.Select((c, i) => RtlCase.Random(c, i))]);
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.Sums, Is.EqualTo(configs.Sum(c => 3 * c.Columns)));
            Assert.That(result.Saturated, Is.GreaterThan(result.Sums / 10));
            Assert.That(configs.Select(c => c.CodeBits), Is.EquivalentTo((int[])[2, 3, 4, 5, 6, 7, 8]));
        });
    }

    [Test]
    public async Task Verilog_of_a_thousand_random_banks_gives_the_models_sums_in_the_fabrics_cycle()
    {
        if (!Shared.All)
            Assert.Ignore("a thousand configurations run with ./test --all");
        Tools.Need("verilator");
        var configs = RtlCheck.RandomConfigs(1000, 1);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var result = await RtlCheck.RunAsync([.. configs.Select((c, i) => RtlCase.Random(c, i))]);
        await TestContext.Out.WriteLineAsync(
            $"{result.Cases} configurations, {result.Vectors} vectors, {result.Sums} sums, {result.Saturated} saturated, "
                + $"{clock.Elapsed.TotalSeconds:0} s"
        );
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.Sums, Is.EqualTo(configs.Sum(c => 3 * c.Columns)));
            Assert.That(result.Saturated, Is.GreaterThan(result.Sums / 10));
        });
    }

    [Test]
    public void Random_configurations_differ_and_cover_the_ranges()
    {
        var configs = RtlCheck.RandomConfigs(1000, 1);
        Assert.Multiple(() =>
        {
            Assert.That(configs, Is.Unique);
            Assert.That(configs.Select(c => (c.CodeBits, c.ActivationBits)).Distinct().Count(), Is.EqualTo(7 * 15));
            Assert.That(configs.Select(c => c.AccumulatorBits).Distinct().Order(), Is.EqualTo(Enumerable.Range(8, 25)));
            Assert.That(configs.Select(c => c.Segments).Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 15)));
            Assert.That(configs.Select(c => c.ColumnsPerScaleUnit).Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 32)));
            Assert.That(configs.Select(c => c.ReductionLevels).Distinct().Order(), Is.EqualTo(Enumerable.Range(0, 5)));
            Assert.That(configs.Select(c => c.ReductionCyclesPerLevel).Distinct().Order(), Is.EqualTo(Enumerable.Range(1, 3)));
            Assert.That(configs.Min(c => c.Columns), Is.EqualTo(1));
            Assert.That(configs.Max(c => c.Columns), Is.GreaterThan(60));
            Assert.That(configs.Min(c => c.Rows), Is.EqualTo(2));
            Assert.That(configs.Max(c => c.Rows), Is.GreaterThan(500));
            Assert.That(configs.Count(c => c.StreamRows > c.Rows), Is.GreaterThan(100), "last blocks that zeros fill up");
            Assert.That(() => configs.ToList().ForEach(c => c.Validate()), Throws.Nothing);
        });
    }

    [Test]
    public async Task Exported_port_of_a_chip_runs_in_Icarus_Verilog()
    {
        Tools.Need("iverilog");
        using var chip = new SmallChip(9);
        using var folder = new TemporaryFolder();
        // 100 inputs in banks of 64 rows, the second of which is short; of 40 outputs the last bank has 8.
        var written = ExportVerilog.Write(chip.Image, "a", 2, folder.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "clock.v"), Clock(written));
        string[] design = [.. RtlSources.Port, "port_check.v"];
        await ExternalTool.RunAsync(
            "iverilog",
            ["-g2005", "-Wall", "-o", "port.vvp", "-s", ExportVerilog.Top, .. design, ExportVerilog.Top + ".v"],
            folder.Path
        );
        await ExternalTool.RunAsync(
            "iverilog",
            ["-g2005", "-o", "bench.vvp", "-s", "clock", .. design, RtlBench.Top + ".v", "clock.v"],
            folder.Path
        );
        var (output, _) = await ExternalTool.RunAsync("vvp", ["-n", "bench.vvp"], folder.Path);
        var result = RtlCheck.Compare([written], output);
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.Sums, Is.EqualTo(3 * 8));
            // Rows, pipeline and one level of the tree, by the fabric file.
            Assert.That(written.Config.LatencyCycles, Is.EqualTo(64 + 8 + 2));
        });
    }

    [Test]
    public void Codes_and_scales_of_a_chip_are_those_of_its_blocks()
    {
        using var chip = new SmallChip(10);
        var port = chip.Image.Port("a");
        var written = RtlCase.FromChip(chip.Image, "a", 1, 1);
        // Column 5 of the first bank, block 1: its scale is byte 13 × 16 + 5 of the panel; its 12 bytes of codes follow in units of four
        // behind the 16 scales.
        var bank = chip.Image.Bank(chip.Image.Site(port, 0, 1));
        var codes = new byte[12];
        for (var unit = 0; unit < 3; unit++)
            bank.AsSpan((13 * 16) + 16 + (unit * 64) + (5 * 4), 4).CopyTo(codes.AsSpan(unit * 4));
        var stream = new System.Collections.BitArray(codes);
        Assert.Multiple(() =>
        {
            Assert.That(written.Scales[0][5][1], Is.EqualTo(bank[(13 * 16) + 5]));
            for (var row = 0; row < 32; row++)
            {
                var code = (stream[3 * row] ? 1 : 0) + (stream[(3 * row) + 1] ? 2 : 0) - (stream[(3 * row) + 2] ? 4 : 0);
                Assert.That(written.Codes[0][5][32 + row], Is.EqualTo(code), $"row {row}");
            }

            Assert.That(written.Codes[1][5][36..], Is.All.Zero, "the second bank has 36 rows");
        });
    }

    [Test]
    public async Task Verilog_is_clean_under_Verilators_warnings()
    {
        Tools.Need("verilator");
        using var folder = new TemporaryFolder();
        RtlConfig[] corners =
        [
            Small,
            Small with
            {
                Segments = 1,
                Rows = 2,
                Columns = 1,
                CodeBits = 8,
                ActivationBits = 2,
                AccumulatorBits = 32,
                PipelineCycles = 5,
                ColumnsPerScaleUnit = 1,
                ReductionCyclesPerLevel = 1,
            },
            Small with
            {
                Segments = 2,
                Rows = 256,
                CodeBits = 2,
                ActivationBits = 16,
                AccumulatorBits = 8,
                PartialSumBits = 8,
                PipelineCycles = 6,
                ColumnsPerScaleUnit = 2,
                ReductionCyclesPerLevel = 3,
            },
            Small with
            {
                Columns = 33,
                ColumnsPerScaleUnit = 32,
                PipelineCycles = 39,
            },
        ];
        var files = RtlBench.Write([.. corners.Select((c, i) => RtlCase.Random(c, i))], folder.Path);
        var (output, error) = await ExternalTool.RunAsync(
            "verilator",
            ["--lint-only", "-Wall", "--top-module", RtlBench.Top, .. files],
            folder.Path
        );
        Assert.That(output + error, Is.Empty);
    }

    [TestCaseSource(nameof(Modules))]
    public async Task Source_file_is_clean_under_Verilators_warnings_as_it_stands(string file)
    {
        Tools.Need("verilator");
        var sources = Shared.InRepo("src/Compiler/Export/Rtl/Verilog");
        var (output, error) = await ExternalTool.RunAsync(
            "verilator",
            ["--lint-only", "-Wall", "-y", sources, "--top-module", Path.GetFileNameWithoutExtension(file), Path.Combine(sources, file)],
            TemporaryFolder.New()
        );
        Assert.That(output + error, Is.Empty);
    }

    [Test]
    public void Exported_sources_are_the_files_of_the_repository()
    {
        var files = new[] { "Verilog", "Verilator", "TechnologyMap" }.SelectMany(f =>
            Directory.GetFiles(Shared.InRepo("src/Compiler/Export/Rtl/" + f))
        );
        Assert.Multiple(() =>
        {
            foreach (var file in files)
                Assert.That(RtlSources.Text(Path.GetFileName(file)), Is.EqualTo(File.ReadAllText(file)), file);
            Assert.That(
                RtlSources.Port.Union(RtlSources.Chip).Concat(["port_check.v", "port_top.v", "bench_top.v"]),
                Is.EquivalentTo(Directory.GetFiles(Shared.InRepo("src/Compiler/Export/Rtl/Verilog")).Select(Path.GetFileName))
            );
        });
    }

    // Modules that need no generated file; the others are linted with one, port_top and bench_top here, chip with a chip.
    private static IEnumerable<string> Modules() => RtlSources.Port.Union(RtlSources.Chip).Except(["chip.v"]);

    [Test]
    public async Task Synthesised_bank_is_its_columns_and_a_shared_part()
    {
        Tools.Need("yosys");
        var liberty = Shared.Path("asap7/asap7_rvt_tt.lib.gz");
        var four = await SynthesizeBank.RunAsync(Small, liberty);
        var eight = await SynthesizeBank.RunAsync(Small with { Columns = 8 }, liberty);
        TestContext.Out.WriteLine($"{four}\n{eight}");
        Assert.Multiple(() =>
        {
            // Four columns share a scale unit, and the first of them has no latch: 15 latches of 0.2187 and a few inverters.
            Assert.That(
                eight.AreaUm2 - four.AreaUm2,
                Is.EqualTo((4 * four.ColumnAreaUm2) + four.ScaleUnitAreaUm2 - (15 * 0.2187)).Within(0.01 * four.AreaUm2)
            );
            Assert.That(
                four.AreaUm2,
                Is.EqualTo((4 * four.ColumnAreaUm2) + four.ScaleUnitAreaUm2 + four.ProductsAreaUm2 + four.SequencerAreaUm2 - (15 * 0.2187))
                    .Within(0.01 * four.AreaUm2)
            );
            Assert.That(four.LongestPathGates, Is.InRange(5, 50));
            Assert.That(four.LongestPathModule, Is.EqualTo("scale_unit"));
        });
    }

    // A gate, an adder of both polarities and a latch, as Liberty describes them.
    private const string Library = """
        library (small) {
          cell ("NAND2") { area : 1; pin ("A") { direction : input; }
          }
          cell (WIDE) {
            area : 9.0;
            pin (S)  { 
              direction : output;
              function : "A ^ B ^ C";
            }
            pin (K) {
              direction : output;
              function : "(A B) | (C (A | B))";
            }
            pin (A) { 
            }
            pin (B) { 
            }
            pin (C) { 
            }
          }
          cell (SLIM) {
            area : 7.0;
            pin (A) { 
            }
            pin (B) { 
            }
            pin (C) { 
            }
            pin (N) {
              direction : output;
              function : "!(A*B + A*C + B*C)";
            }
            pin (S) {
              direction : output;
              function : "(A ^ B ^ C)'";
            }
          }
          cell (HOLD) {
            area : 4.0;
            latch (IQ,IQN) {
              data_in : "D";
              enable : "G";
            }
            pin (Q) {
              direction : output;
              function : "IQ";
            }
            pin (D) { 
            }
            pin (G) { 
            }
          }
        }
        """;

    [Test]
    public void Full_adder_and_latch_of_a_library_are_found_by_what_they_do()
    {
        using var folder = new TemporaryFolder();
        var (source, copy) = (Path.Combine(folder.Path, "a.lib"), Path.Combine(folder.Path, "b.lib"));
        File.WriteAllText(source, Library);
        var cells = LibertyCells.Unpack(source, copy);
        Assert.Multiple(() =>
        {
            Assert.That(cells.Gates, Is.EqualTo((string[])["NAND2", "WIDE", "SLIM"]));
            Assert.That(
                cells.TechnologyMap(),
                Does.Contain("`define ADDER_CELL SLIM\n")
                    .And.Contain("`define ADDER_SUM S\n`define ADDER_CARRY N\n`define ADDER_NOT_SUM ~\n`define ADDER_NOT_CARRY ~\n")
                    .And.Contain("`define LATCH_CELL HOLD\n`define LATCH_ENABLE G\n`define LATCH_DATA D\n`define LATCH_OUT Q\n")
            );
            Assert.That(cells.HasFullAdder, Is.True);
            Assert.That(() => LibertyCells.Unpack(Path.Combine(folder.Path, "none.lib"), copy), Throws.TypeOf<InputException>());
        });
    }

    [Test]
    public void Wrong_sum_late_result_and_missing_result_are_faults()
    {
        var port = RtlCase.Random(Small, 1, vectors: 1);
        var expected = port.Expected(0);
        var hex = HexRows.Format(expected, 32);
        expected[2]++;
        var wrong = HexRows.Format(expected, 32);
        // 70 rows, 8 pipeline cycles, 2 levels of 2 cycles.
        const int latency = 82;
        Assert.Multiple(() =>
        {
            Assert.That(Faults($"start 0 0 5\nresult 0 {5 + latency} {hex}\n"), Is.Empty);
            Assert.That(
                Faults($"start 0 0 5\nresult 0 {5 + latency} {wrong}\n"),
                Is.EqualTo((string[])[$"case 0, vector 0, column 2: {expected[2]}, expected {expected[2] - 1}"])
            );
            Assert.That(
                Faults($"start 0 0 5\nresult 0 {6 + latency} {hex}\n"),
                Is.EqualTo((string[])["case 0, vector 0: result after 83 cycles, the fabric's timing says 82"])
            );
            Assert.That(Faults("start 0 0 5\n"), Has.Count.EqualTo(1));
            Assert.That(Faults($"start 0 0 5\nresult 0 {5 + latency} {hex}\nresult 0 {6 + latency} {hex}\n"), Has.Count.EqualTo(1));
        });

        IReadOnlyList<string> Faults(string output) => RtlCheck.Compare([port], output).Faults;
    }

    [Test]
    public void Ports_in_formats_of_GGUF_are_refused()
    {
        using var chip = new SmallChip(1);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => RtlCase.FromChip(chip.Image, "b", 0, 1),
                Throws.TypeOf<InputException>().With.Message.Contains("--weights rom4")
            );
            Assert.That(
                () => RtlCase.FromChip(chip.Image, "x", 0, 1),
                Throws.TypeOf<InputException>().With.Message.Contains("no port 'x'")
            );
            Assert.That(() => RtlCase.FromChip(chip.Image, "a", 9, 1), Throws.TypeOf<InputException>().With.Message.Contains("0 to 2"));
            Assert.That(
                () => (Small with { PipelineCycles = 4 }).Validate(),
                Throws.TypeOf<InputException>().With.Message.Contains("PipelineCycles is 4")
            );
        });
    }

    private static string Clock(RtlCase port) =>
        $$"""
            module clock;
                reg clk = 0, reset = 1;
                reg [31:0] cycle = 0;
                {{RtlBench.Top}} bench (.clk(clk), .reset(reset), .cycle(cycle));
                initial repeat ({{RtlBench.Cycles([port])}}) begin
                    reset = cycle < 4;
                    #1 clk = 1;
                    #1 clk = 0;
                    cycle = cycle + 1;
                end
            endmodule

            """;
}
