using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Rtl;

/// <summary>The Verilog of whole chips; one build of the tiny chip serves several tests.</summary>
[TestFixture]
[Category("Timing")]
[Category("Slow")]
public sealed class ChipRtlTests
{
    private static readonly int[] Prompt = [5, 17, 3];

    private string _chip = "";
    private string _folder = "";
    private ChipSimulation? _tiny;

    [OneTimeSetUp]
    public async Task Build()
    {
        // Norms of queries and keys come on top of what Llama has, and two KV heads whose scales share a memory word; RtlMutationTests
        // builds a chip of Llama.
        _chip = TinyChip.Compile("qwen3", sizes: new TinySizes(Heads: 4, KvHeads: 2, HeadSize: 8));
        _folder = TemporaryFolder.New();
        if (Tools.Has("verilator"))
            _tiny = await ChipSimulation.BuildAsync(_chip, _folder);
    }

    [OneTimeTearDown]
    public void Close() => _tiny?.Dispose();

    [Test]
    public async Task Whole_chip_in_Verilog_gives_the_simulators_bits_tokens_and_cycles()
    {
        var result = await Tiny.RunAsync(Prompt, 16);
        foreach (var phase in result.Phases)
            TestContext.Out.WriteLine(phase);
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.Tokens, Is.EqualTo(result.Expected).And.Length.EqualTo(16));
            Assert.That(result.Tokens.Distinct().Count(), Is.GreaterThan(2), "a chip that always says the same proves little");
            // Two prompt tokens pass the layers only; every site but the embedding's six gives a result for each of the others.
            Assert.That(result.Passes, Is.EqualTo(18));
            Assert.That(result.BankResults, Is.EqualTo((18 * LayerBanks) + (16 * OutputBanks)));
            Assert.That(Tiny.Rtl.Config.KvScales, Is.EqualTo(2), "two heads share a word");
            Assert.That(result.TokenCycles.Select(t => t.Rtl), Is.EqualTo(result.TokenCycles.Select(t => t.Engine)));
            Assert.That(result.Phases.Sum(p => p.Rtl), Is.EqualTo(result.TokenCycles.Sum(t => t.Rtl)), "every cycle belongs to a phase");
            Assert.That(result.Phases.Sum(p => p.Engine), Is.EqualTo(result.TokenCycles.Sum(t => t.Engine)));
            Assert.That(result.Phases.Where(p => p.Rtl != p.Engine).Select(p => p.Reason), Has.None.Empty);
        });
    }

    [Test]
    public async Task Norms_of_queries_and_keys_take_the_cycles_of_the_schedule()
    {
        var result = await Tiny.RunAsync(Prompt, 2);
        var norm = result.Phases.Single(p => p.Phase == "query_key_norm");
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.LargestDifference, Is.LessThan(ChipCheckResult.CycleTolerance));
            Assert.That(norm.Rtl, Is.EqualTo(norm.Engine).And.GreaterThan(0));
            Assert.That(result.Phases.Select(p => p.Reason), Has.None.Contains("the schedule has no phase"));
        });
    }

    [Test]
    public void Tracing_is_built_in_only_when_asked_for()
    {
        _ = Tiny;
        Assert.That(
            Directory.GetFiles(Path.Combine(_folder, "obj_dir"), "*.cpp", SearchOption.AllDirectories),
            Is.Not.Empty.And.None.Contains("Trace")
        );
        using var waveform = Waveform.Create(Path.Combine(TemporaryFolder.New(), "chip.vcd"));
        Assert.That(() => Tiny.RunAsync(Prompt, 1, waveform: waveform), Throws.ArgumentException);
    }

    [Test]
    public async Task A_wrong_bit_in_a_ROM_names_the_bank()
    {
        var site = Tiny.Rtl.Straps.ToList().FindIndex(s => s.Matrix >= 0 && Tiny.Rtl.Plan.Matrices[s.Matrix].Name == "blk.1.ffn_up.weight");
        var result = await Altered($"site_{site}.codes.hex", text => (text[0] == '0' ? "1" : "0") + text[1..]);
        Assert.That(
            result.Faults.FirstOrDefault() ?? "no fault",
            Does.StartWith(
                $"bank on site {site} (blk.1.ffn_up.weight, segment 0 of the inputs and 0 of the outputs), position 0, column 15:"
            )
        );
    }

    [Test]
    public async Task A_wrong_vector_names_the_vector_cluster()
    {
        var place = Tiny.Rtl.Program.Vector("blk.1.attn_norm.weight");
        var result = await Altered("vectors.hex", text => Line(text, place, "3f800000"));
        Assert.That(
            result.Faults.FirstOrDefault() ?? "no fault",
            Does.Match("^vector cluster of region 1, position 0: the result of %[0-9]+ rms_norm %[0-9]+ blk.1.attn_norm.weight differs$")
        );
    }

    [Test]
    public async Task An_embedding_bit_names_the_embedding()
    {
        var site = Tiny
            .Rtl.Straps.ToList()
            .FindIndex(s =>
                s.Matrix >= 0 && Tiny.Rtl.Plan.Matrices[s.Matrix].Role == MatrixRole.Embedding && s.OutputSegment == Prompt[0] / 16
            );
        // Column 5 of row 0 is the sixth digit from the right.
        var result = await Altered($"site_{site}.codes.hex", text => text[..10] + (text[10] == '7' ? '6' : '7') + text[11..]);
        Assert.That(
            result.Faults.FirstOrDefault(),
            Is.EqualTo("embedding sites, position 0: the result of %0 embed token_embd.weight differs")
        );
    }

    [Test]
    public async Task Verilog_of_a_whole_chip_is_clean_under_Verilators_warnings()
    {
        _ = Tiny;
        // Each kind of site is read once, as a build does; reading every site takes half a minute.
        var folder = TemporaryFolder.New();
        string[] arguments = ["--cc", "--hierarchical", "-Wall", "-Wno-fatal", "-fno-dfg", "-DROM_BY_PATH", "--top-module", ExportChip.Top];
        var (_, units) = await ExternalTool.RunAsync(
            "verilator",
            [.. arguments, "--Mdir", folder, RtlSources.ChipConfiguration, .. RtlSources.Chip],
            _folder
        );
        var (_, sites) = await ExternalTool.RunAsync(
            "make",
            ["-C", folder, "-f", $"V{ExportChip.Top}_hier.mk", "hier_verilation"],
            _folder
        );
        Assert.Multiple(() =>
        {
            // A module with parameters has a name of its own.
            Assert.That(
                (units + sites).Split('\n').Where(l => l.StartsWith("%Warning", StringComparison.Ordinal)),
                Has.All.StartsWith("%Warning-DECLFILENAME")
            );
            Assert.That(Directory.GetDirectories(folder, "Vsite*"), Is.Not.Empty);
        });
    }

    [Test]
    public async Task Verilog_of_a_whole_chip_elaborates_in_Icarus_Verilog()
    {
        // Icarus writes out every full adder of every site; a port's banks run in it every time.
        if (!Shared.All)
            Assert.Ignore("a whole chip elaborates in Icarus Verilog with ./test --all");
        Tools.Need("iverilog");
        var folder = Export();
        var (output, error) = await ExternalTool.RunAsync(
            "iverilog",
            ["-g2005", "-Wall", "-o", "chip.vvp", "-s", ExportChip.Top, .. RtlSources.Chip],
            folder
        );
        Assert.That(
            string.Join('\n', (output + error).Split('\n').Where(l => !l.Contains("timescale", StringComparison.Ordinal))),
            Is.Empty
        );
    }

    [Test]
    public async Task Yosys_reads_the_synthesisable_part_of_a_whole_chip()
    {
        Tools.Need("yosys");
        var folder = Export();
        var (output, _) = await ExternalTool.RunAsync(
            "yosys",
            ["-p", $"read_verilog -defer {string.Join(' ', RtlSources.Chip)}; hierarchy -check -top {ExportChip.Top}; proc; stat"],
            folder
        );
        Assert.That(output, Does.Contain("sequencer").And.Contain("kv_memory"));
    }

    [Test]
    public async Task Embedded_model_says_the_same_in_Verilog()
    {
        if (!Shared.All)
            Assert.Ignore("the embedded model's Verilog runs with ./test --all");
        var result = await Model(Shared.InRepo("chips/demo/stories.gguf"), [1, 44, 383, 274]);
        Agrees(result);
    }

    [Test]
    public async Task Stories260K_says_the_same_in_Verilog()
    {
        if (!Shared.All)
            Assert.Ignore("stories260K's Verilog runs with ./test --all");
        var result = await Model(Shared.Path("golden/stories260K/stories260K-f32.gguf"), [1, 403, 407, 261, 378]);
        Agrees(result);
    }

    private static int LayerBanks => 2 * (2 + 1 + 1 + 2 + 3 + 3 + (2 * 2));

    private static int OutputBanks => 3;

    private ChipSimulation Tiny
    {
        get
        {
            Tools.Need("verilator");
            return _tiny!;
        }
    }

    private static void Agrees(ChipCheckResult result)
    {
        foreach (var phase in result.Phases)
            TestContext.Out.WriteLine(phase);
        TestContext.Out.WriteLine(
            $"build {result.BuildSeconds:0} s, run {result.RunSeconds:0} s, cycles differ by {result.LargestDifference:P2} at most"
        );
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(result.Tokens, Is.EqualTo(result.Expected).And.Length.EqualTo(16));
            Assert.That(result.LargestDifference, Is.LessThan(ChipCheckResult.CycleTolerance));
        });
    }

    private static async Task<ChipCheckResult> Model(string gguf, int[] prompt)
    {
        Tools.Need("verilator");
        var chip = Path.Combine(TemporaryFolder.New(), "model.chip");
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml"));
        CompileModel.ToImage(
            gguf,
            chip,
            new CompileOptions
            {
                Fabric = fabric,
                Weights = fabric.DefaultWeights,
                Compiler = "test",
            }
        );
        using var simulation = await ChipSimulation.BuildAsync(chip, TemporaryFolder.New());
        return await simulation.RunAsync(prompt, 16);
    }

    private string Export()
    {
        var folder = TemporaryFolder.New();
        using var image = MaskImage.Open(_chip);
        ExportChip.Write(image, ChipDirectory.ReadDescription(_chip), folder);
        return folder;
    }

    // Runs the built chip with another file, and puts the file back.
    private async Task<ChipCheckResult> Altered(string file, Func<string, string> edit)
    {
        var simulation = Tiny;
        var path = Path.Combine(_folder, file);
        var before = await File.ReadAllTextAsync(path);
        try
        {
            await File.WriteAllTextAsync(path, edit(before));
            return await simulation.RunAsync(Prompt, 2);
        }
        finally
        {
            await File.WriteAllTextAsync(path, before);
        }
    }

    private static string Line(string text, int number, string content)
    {
        var lines = text.Split('\n');
        lines[number] = content;
        return string.Join('\n', lines);
    }
}
