using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class MaskDifferenceTests
{
    private static readonly MaskGeometry Geometry = SmallChip.Geometry;

    [Test]
    public void The_drawn_difference_has_a_shape_for_every_position_that_changes()
    {
        using SmallChip a = new(1),
            b = new(8, firstSite: 2);
        var difference = XorImages.Compare(a.Image, b.Image);
        var summary = ExportGds.DifferenceToFile(Path.Combine(TemporaryFolder.New(), "d.gds"), a.Image, b.Image, Geometry);
        Assert.Multiple(() =>
        {
            Assert.That(summary.Vias, Is.EqualTo(difference.WeightsLayerPositions).And.Positive);
            Assert.That(summary.Straps, Is.EqualTo(difference.DataflowLayerPositions).And.Positive);
        });
    }

    [Test]
    public void Only_cells_that_change_are_drawn()
    {
        using var a = new SmallChip(1);
        var bank = a.Layout.SiteOffsets[a.Sites.ElementAt(3)];
        using var b = new SmallChip(1, bytes => bytes[bank] ^= 0b101);
        var path = Path.Combine(TemporaryFolder.New(), "d.gds");
        ExportGds.DifferenceToFile(path, a.Image, b.Image, Geometry);
        using var stream = File.OpenRead(path);
        var cells = GdsReader.Cells(stream, "d.gds").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(
                cells.Select(c => c.Name),
                Is.EqualTo((string[])["VIA", "STRAP", ExportGds.BankCell(a.Sites.ElementAt(3)), "DIE_0"])
            );
            Assert.That(cells[2].References.Select(r => (r.X, r.Y)), Is.EqualTo(new[] { Geometry.ViaCentre(0), Geometry.ViaCentre(2) }));
        });
    }

    [Test]
    public void The_difference_of_a_chip_from_itself_is_an_empty_die()
    {
        using var chip = new SmallChip(1);
        var path = Path.Combine(TemporaryFolder.New(), "d.gds");
        var summary = ExportGds.DifferenceToFile(path, chip.Image, chip.Image, Geometry);
        using var stream = File.OpenRead(path);
        Assert.Multiple(() =>
        {
            Assert.That((summary.Vias, summary.Straps), Is.EqualTo((0L, 0L)));
            Assert.That(GdsReader.Cells(stream, "d.gds").Select(c => c.Name), Is.EqualTo((string[])["VIA", "STRAP", "DIE_0"]));
        });
    }

    [Test]
    public void Chips_of_different_fabrics_have_no_difference_to_draw()
    {
        using var chip = new SmallChip(1);
        using var demo = MaskImage.Open(DemoChip.Folder);
        var path = Path.Combine(TemporaryFolder.New(), "d.gds");
        Assert.Multiple(() =>
        {
            Assert.That(
                () => ExportGds.DifferenceToFile(path, chip.Image, demo, Geometry),
                Throws.TypeOf<InputException>().With.Message.Contains("differently")
            );
            Assert.That(File.Exists(path), Is.False);
        });
    }

    [Test]
    public void An_interrupted_export_leaves_nothing_behind()
    {
        using var chip = new SmallChip(1);
        var folder = TemporaryFolder.New();
        using var cancel = new CancellationTokenSource();
        // After the third site: some of the file is written by then.
        var progress = new Sites(3, cancel);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => ExportGds.ToFile(Path.Combine(folder, "a.gds"), chip.Image, Geometry, MaskWindow.Everything, progress, cancel.Token),
                Throws.InstanceOf<OperationCanceledException>()
            );
            Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
        });
    }

    private sealed class Sites(int stopAfter, CancellationTokenSource cancel) : IProgress<double>
    {
        private int _seen;

        public void Report(double value)
        {
            if (++_seen == stopAfter)
                cancel.Cancel();
        }
    }
}
