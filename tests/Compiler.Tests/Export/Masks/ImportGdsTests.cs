using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class ImportGdsTests
{
    [Test]
    public void A_chip_made_of_its_drawn_masks_is_the_same_chip()
    {
        var (folder, geometry) = Export(MaskWindow.Everything);
        var target = Path.Combine(folder, "drawn.chip");
        ImportGds.ToImage(Path.Combine(folder, "demo.gds"), DemoChip.Folder, target, geometry);
        Assert.Multiple(() =>
        {
            foreach (
                var name in new[]
                {
                    ChipDirectory.WeightsName,
                    ChipDirectory.DataflowName,
                    ChipDirectory.TokenizerName,
                    ChipDirectory.DescriptionName,
                }
            )
                Assert.That(
                    File.ReadAllBytes(Path.Combine(target, name)),
                    Is.EqualTo(File.ReadAllBytes(Path.Combine(DemoChip.Folder, name))),
                    name
                );
        });
    }

    [Test]
    public void A_window_of_a_chip_is_refused_and_leaves_nothing_behind()
    {
        var (folder, geometry) = Export(
            new MaskWindow
            {
                Die = 0,
                Column = 0,
                Row = 0,
                Columns = 2,
                Rows = 2,
            }
        );
        Assert.Multiple(() =>
        {
            Assert.That(
                () => ImportGds.ToImage(Path.Combine(folder, "demo.gds"), DemoChip.Folder, Path.Combine(folder, "drawn.chip"), geometry),
                Throws.TypeOf<InputException>().With.Message.Contains("holds 4 banks, but the chip has 60")
            );
            Assert.That(Directory.EnumerateFileSystemEntries(folder), Has.Exactly(1).Items);
        });
    }

    private static (string Folder, MaskGeometry Geometry) Export(MaskWindow window)
    {
        using var image = MaskImage.Open(DemoChip.Folder);
        var geometry = new MaskGeometry(image.Fabric, SmallChip.Rules);
        var folder = TemporaryFolder.New();
        ExportGds.ToFile(Path.Combine(folder, "demo.gds"), image, geometry, window);
        return (folder, geometry);
    }
}
