using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.Cli.Options;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Masks through the command line: export, pictures, import, difference.</summary>
[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class MaskCommandTests
{
    private static readonly Lazy<string> OtherWeights = new(() =>
    {
        var folder = Path.Combine(TemporaryFolder.OfProcess, "masks-rom3.chip");
        var (code, _, error) = Invocation.Run("compile", Shared.InRepo("chips/demo/stories.gguf"), "-o", folder, "--weights", "rom3");
        Assert.That(code, Is.Zero, error);
        return folder;
    });

    [Test]
    public void Drawn_masks_read_back_say_the_same()
    {
        var folder = TemporaryFolder.New();
        string gds = Path.Combine(folder, "a.gds"),
            drawn = Path.Combine(folder, "drawn.chip");
        Json("export", Invocation.DemoChip, "--gds", gds, "--json");
        Json("import", gds, "--like", Invocation.DemoChip, "-o", drawn, "--json");
        string[] run = ["-p", "Once upon a time", "-n", "8", "--greedy", "--json"];
        var (first, second) = (Json(["run", Invocation.DemoChip, .. run]), Json(["run", drawn, .. run]));
        Assert.Multiple(() =>
        {
            Assert.That(Json("diff", Invocation.DemoChip, drawn, "--json").GetProperty("changed_bits").GetInt64(), Is.Zero);
            Assert.That(second.GetProperty("text").GetString(), Is.EqualTo(first.GetProperty("text").GetString()).And.Not.Empty);
        });
    }

    [Test]
    public void Broken_masks_exit_1_with_the_broken_rule_and_make_no_chip()
    {
        var folder = TemporaryFolder.New();
        string gds = Path.Combine(folder, "bad.gds"),
            target = Path.Combine(folder, "bad.chip");
        using (var stream = File.Create(gds))
        using (var writer = new GdsWriter(stream, "TEST"))
        {
            writer.BeginCell(ExportGds.BankCell(0));
            writer.Rectangle(new GdsLayer { Layer = 51, Datatype = 0 }, new Rectangle(20_000, 30_000, 20_030, 30_020));
            writer.EndCell();
        }

        var (code, output, _) = Invocation.Run("import", gds, "--like", Invocation.DemoChip, "-o", target);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.No));
            Assert.That(output, Does.Contain("via.size in BANK_0000000 at (20000, 30000) nm: is 30 × 20 nm, not 20 × 20"));
            Assert.That(Directory.Exists(target), Is.False);
        });
    }

    [Test]
    public void The_difference_of_two_quantisations_is_drawn_and_counted()
    {
        var folder = TemporaryFolder.New();
        string gds = Path.Combine(folder, "d.gds"),
            picture = Path.Combine(folder, "d.png");
        var json = Json("diff", Invocation.DemoChip, OtherWeights.Value, "--gds", gds, "--picture", picture, "--json");
        using var stream = File.OpenRead(gds);
        using var image = MaskImage.Open(Invocation.DemoChip);
        var geometry = new MaskGeometry(image.Fabric, ChipModel.Files.YamlReader.Read<MaskRules>(Shared.InRepo("chips/masks/n6.yaml")));
        var drawn = ReadMask.Banks(stream, geometry, gds).Sum(c => c.Weights.Sum(b => (long)System.Numerics.BitOperations.PopCount(b)));
        Assert.Multiple(() =>
        {
            Assert.That(
                drawn,
                Is.EqualTo(json.GetProperty("layers").GetProperty("weights").GetProperty("changed_positions").GetInt64()).And.Positive
            );
            Assert.That(json.GetProperty("gds").GetProperty("vias").GetInt64(), Is.EqualTo(drawn));
            Assert.That(json.GetProperty("picture").GetString(), Is.EqualTo(picture));
            Assert.That(File.ReadAllBytes(picture).Take(4), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47 }));
            Assert.That(
                json.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("changed_share").GetDouble()),
                Has.All.InRange(0, 1)
            );
        });
    }

    [Test]
    public void Export_draws_the_floorplan_and_four_pictures_of_the_masks()
    {
        var folder = TemporaryFolder.New();
        Json("export", Invocation.DemoChip, "--pictures", folder, "--bank", "34", "--json");
        Assert.That(
            Directory.GetFiles(folder, "*.png").Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo((string[])["floorplan", "mask-bank", "mask-density", "mask-straps", "mask-vias"])
        );
    }

    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--window", "0,0,99,0")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--window", "3,0,2,0")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--window", "1,2,3")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--window", "20,20,22,22")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--bank", "5000")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--bank", "-1")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--bank", "1000")]
    [TestCase("export", "CHIP", "--gds", "OUT/a.gds", "--rules", "no-such-rules")]
    [TestCase("export", "CHIP", "--gds", "/proc/no-such/a.gds")]
    [TestCase("export", "CHIP", "--pictures", "OUT/p", "--bank", "1000")]
    [TestCase("export", "CHIP", "--pictures", "/proc/no-such")]
    [TestCase("diff", "CHIP", "CHIP", "--picture", "OUT/d.jpg")]
    [TestCase("diff", "CHIP", "CHIP", "--gds", "/proc/no-such/d.gds")]
    [TestCase("import", "OUT/no-such.gds", "--like", "CHIP", "-o", "OUT/b.chip")]
    [TestCase("import", "CHIP/chip.yaml", "--like", "CHIP", "-o", "OUT/b.chip")]
    public void Bad_requests_exit_2_with_one_line_and_write_nothing(params string[] arguments)
    {
        var folder = TemporaryFolder.New();
        var (code, output, error) = Invocation.Run([
            .. arguments.Select(a =>
                a.Replace("CHIP", Invocation.DemoChip, StringComparison.Ordinal).Replace("OUT", folder, StringComparison.Ordinal)
            ),
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(error.TrimEnd('\n'), Does.StartWith("taalas: ").And.Not.Contain('\n'));
            Assert.That(output, Is.Empty);
            Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
        });
    }

    private static JsonElement Json(params string[] arguments)
    {
        var (code, output, error) = Invocation.Run(arguments);
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
