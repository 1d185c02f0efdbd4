using System.Globalization;
using System.Numerics;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export;

/// <summary>Masks edited at random by KLayout: what is read back is what KLayout counts, or the file is refused by cell and
/// place.</summary>
[TestFixture]
[Category("Compiler")]
public sealed class MaskEditTests
{
    [Test]
    public async Task Edited_masks_hold_what_KLayout_counts_or_are_refused()
    {
        Tools.Need("klayout");
        using var chip = new SmallChip(3);
        var folder = TemporaryFolder.New();
        var window = MaskWindow.Everything with { Die = 0 };
        ExportGds.ToFile(Path.Combine(folder, "source.gds"), chip.Image, SmallChip.Geometry, window);
        var variants = Shared.All ? 520 : 52;
        var script = Shared.InRepo("tests/Compiler.Tests/Export/mask_edits.py");
        var (output, _) = await ExternalTool.RunAsync(
            "klayout",
            ["-zz", "-r", script, "-rd", "source=source.gds", "-rd", $"variants={variants}", "-rd", $"grid={Grid(SmallChip.Geometry)}"],
            folder
        );
        var lines = output.Split('\n').Where(l => l.StartsWith("variant ", StringComparison.Ordinal)).Select(l => l.Split(' ')).ToArray();
        Assert.That(lines, Has.Length.EqualTo(variants));
        Assert.Multiple(() =>
        {
            foreach (var line in lines)
                Check(Path.Combine(folder, line[1] + ".gds"), line[2] == "1", line[3], Number(line[4]), Number(line[5]));
        });
    }

    private static void Check(string file, bool legal, string edits, long vias, long straps)
    {
        DrcReport? report = null;
        var what = "";
        var bits = (Vias: 0L, Straps: 0L);
        try
        {
            using (var stream = File.OpenRead(file))
                report = CheckMask.Run(stream, SmallChip.Geometry, "edited.gds");
            what = string.Join("; ", report.Faults.Take(3).Select(f => $"{f.Rule} {f.Cell} ({f.X}, {f.Y}) {f.What}"));
        }
        catch (InputException e)
        {
            what = e.Message;
        }

        try
        {
            using var stream = File.OpenRead(file);
            foreach (var bank in ReadMask.Banks(stream, SmallChip.Geometry, "edited.gds"))
                bits = (bits.Vias + Ones(bank.Weights), bits.Straps + Ones(bank.Straps));
        }
        catch (InputException e)
        {
            what += " / " + e.Message;
            Assert.That(legal, Is.False, $"{edits}: {e.Message}");
            Assert.That(e.Message, Does.Match("cell [A-Z_0-9]+ .*\\(-?[0-9]+, -?[0-9]+\\) nm"), edits);
        }

        if (legal)
        {
            Assert.That(report is { Clean: true }, $"{edits}: {what}");
            Assert.That(bits, Is.EqualTo((vias, straps)), edits);
            Assert.That((report?.Vias, report?.Straps), Is.EqualTo(((long?)vias, (long?)straps)), edits);
        }
        else
        {
            Assert.That(report is not { Clean: true }, $"{edits} is taken for a mask of {report?.Vias} vias; KLayout counts {vias}");
        }
    }

    private static string Grid(MaskGeometry g)
    {
        var (x, y) = g.ViaCentre(0);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{x},{y},{g.PitchX},{g.PitchY},{g.BitLines},{g.WordLines},{g.StrapOrigin(0).X},{g.StrapPitch},{g.StrapsPerRow}"
        );
    }

    private static long Ones(byte[] bytes) => bytes.Sum(b => (long)BitOperations.PopCount(b));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
