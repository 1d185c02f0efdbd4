using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class DesignRuleTests
{
    private static readonly MaskGeometry Geometry = SmallChip.Geometry;

    private static readonly GdsLayers Layers = Geometry.Layers;

    [Test]
    public void Exported_chip_keeps_every_rule()
    {
        using var chip = new SmallChip(7);
        var report = CheckMask.Run(new MemoryStream(chip.Gds()), Geometry, "small.gds");
        Assert.Multiple(() =>
        {
            Assert.That(report.Faults, Is.Empty);
            Assert.That(report.Cells, Is.EqualTo(chip.Sites.Count() + 1 + ((4000 * 8) / (int)Geometry.ArrayBits)));
        });
    }

    private static IEnumerable<TestCaseData> Violations()
    {
        var (x, y) = Geometry.ViaCentre(100);
        var (sx, sy) = Geometry.StrapOrigin(5);
        yield return Case("via.size", w => w.Rectangle(Layers.Weights, new Rectangle(x - 11, y - 10, x + 11, y + 10)));
        yield return Case("via.grid", w => w.Reference(ExportGds.ViaCell, x + 3, y));
        yield return Case("via.enclosure", w => w.Reference(ExportGds.ViaCell, x, y + 4));
        yield return Case("via.space", w => Place(w, ExportGds.ViaCell, (x, y), (x + 40, y + 40)));
        yield return Case("via.space", w => Place(w, ExportGds.ViaCell, (x, y), (x, y)));
        yield return Case("via.density", w =>
        {
            // 4.5 µm square at 400 nm² in 900 nm²: a twelfth of a window of 10 µm.
            for (var row = 0; row < 150; row++)
                w.Row(ExportGds.ViaCell, x, y + (row * 30), 150, 30);
        });
        yield return Case("strap.size", w => w.Rectangle(Layers.Dataflow, new Rectangle(sx, sy, sx + 80, sy + 380)));
        yield return Case("strap.open", w => w.Reference(ExportGds.StrapCell, sx, sy + 50));
        yield return Case("strap.open", w => w.Rectangle(Layers.Dataflow, new Rectangle(sx, sy, sx + 80, sy + 200)));
        yield return Case("strap.short", w => Place(w, ExportGds.StrapCell, (sx, sy), (sx + 80, sy)));
        yield return Case("strap.density", w => w.Rectangle(Layers.Dataflow, new Rectangle(0, 0, Geometry.SiteWidth, 10_000)));
        yield return Case("cell.bounds", w => w.Reference(ExportGds.ViaCell, -5, y));
        yield return Case("cell.place", _ => { }, moved: 10);
    }

    [TestCaseSource(nameof(Violations))]
    public void Violation_is_found(string rule, Action<GdsWriter> draw, int moved)
    {
        var report = CheckMask.Run(Bank(draw, moved), Geometry, "bad.gds");
        Assert.That(report.Faults.Select(f => f.Rule), Does.Contain(rule));
    }

    [Test]
    public void Shape_in_its_place_violates_nothing()
    {
        var (x, y) = Geometry.ViaCentre(100);
        var (sx, sy) = Geometry.StrapOrigin(5);
        var report = CheckMask.Run(
            Bank(w => Place(w, ExportGds.ViaCell, (x, y), (x + Geometry.PitchX, y)).Reference(ExportGds.StrapCell, sx, sy), 0),
            Geometry,
            "good.gds"
        );
        Assert.That(report.Faults, Is.Empty);
    }

    [Test]
    public void Density_is_the_area_of_the_vias_over_the_window()
    {
        // 10 vias of 20 nm in one bank: 4,000 nm² over the site, and all of them in the densest window of 10 µm.
        var (x, y) = Geometry.ViaCentre(0);
        var report = CheckMask.Run(Bank(w => w.Row(ExportGds.ViaCell, x, y, 10, Geometry.PitchX), 0), Geometry, "ten.gds");
        var site = (double)Geometry.SiteWidth * Geometry.SiteHeight;
        Assert.Multiple(() =>
        {
            Assert.That(report.ViaDensityMean, Is.EqualTo(4000 / site).Within(1e-12));
            Assert.That(report.ViaDensityMaximum, Is.GreaterThanOrEqualTo(4000 / 1e8).And.LessThanOrEqualTo(2 * 4000 / 1e8));
        });
    }

    private static TestCaseData Case(string rule, Action<GdsWriter> draw, int moved = 0) =>
        new TestCaseData(rule, draw, moved).SetArgDisplayNames(rule);

    private static GdsWriter Place(GdsWriter writer, string cell, params ReadOnlySpan<(int X, int Y)> places)
    {
        foreach (var (x, y) in places)
            writer.Reference(cell, x, y);
        return writer;
    }

    private static MemoryStream Bank(Action<GdsWriter> draw, int moved)
    {
        var stream = new MemoryStream();
        using (var writer = new GdsWriter(stream, "TEST"))
        {
            writer.BeginCell(ExportGds.ViaCell);
            writer.Rectangle(Layers.Weights, Geometry.Via);
            writer.EndCell();
            writer.BeginCell(ExportGds.StrapCell);
            writer.Rectangle(Layers.Dataflow, Geometry.Strap);
            writer.EndCell();
            writer.BeginCell(ExportGds.BankCell(6));
            draw(writer);
            writer.EndCell();
            writer.BeginCell(ExportGds.DieCell(0));
            var (_, x, y) = Geometry.SiteOrigin(6);
            writer.Reference(ExportGds.BankCell(6), x + moved, y);
            writer.EndCell();
        }

        stream.Position = 0;
        return stream;
    }
}
