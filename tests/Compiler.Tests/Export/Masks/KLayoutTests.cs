using System.Globalization;
using NUnit.Framework;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class KLayoutTests
{
    private const string Script = """
        import pya
        first = pya.Layout()
        first.read(first_path)
        second = pya.Layout()
        second.read(second_path)
        def region(layout, layer):
            index = layout.find_layer(layer, 0)
            result = pya.Region()
            for top in layout.top_cells():
                result += pya.Region(top.begin_shapes_rec(index))
            return result
        print("dbu %g cells %d" % (first.dbu, first.cells()))
        for layer in (51, 61):
            a, b = region(first, layer), region(second, layer)
            outline = region(first, 200)
            counts = (layer, a.count(), a.merged().count(), a.area(), outline.merged().area(), (a ^ b).count())
            print("layer %d count %d merged %d area %d of %d xor %d" % counts)
        """;

    private const string DifferenceScript = """
        import pya
        layouts = []
        for path in (first_path, second_path, difference_path):
            layouts.append(pya.Layout())
            layouts[-1].read(path)
        def region(layout, layer):
            index = layout.find_layer(layer, 0)
            result = pya.Region()
            if index is not None:
                for top in layout.top_cells():
                    result += pya.Region(top.begin_shapes_rec(index))
            return result
        for layer in (51, 61):
            a, b, ours = (region(l, layer) for l in layouts)
            print("layer %d xor %d ours %d not alike %d" % (layer, (a ^ b).count(), ours.count(), ((a ^ b) ^ ours).count()))
        """;

    // The second chip has other weights, and every bank one site further: straps differ as well.
    [Test]
    public async Task KLayouts_XOR_of_two_exports_is_the_difference_that_we_draw()
    {
        Tools.Need("klayout");
        using SmallChip a = new(1),
            b = new(8, firstSite: 2);
        var folder = TemporaryFolder.New();
        foreach (var (chip, name) in new[] { (a, "a.gds"), (b, "b.gds") })
            ExportGds.ToFile(Path.Combine(folder, name), chip.Image, SmallChip.Geometry, MaskWindow.Everything);
        var summary = ExportGds.DifferenceToFile(Path.Combine(folder, "d.gds"), a.Image, b.Image, SmallChip.Geometry);
        await File.WriteAllTextAsync(Path.Combine(folder, "xor.py"), DifferenceScript);
        var (output, _) = await ExternalTool.RunAsync(
            "klayout",
            ["-zz", "-r", "xor.py", "-rd", "first_path=a.gds", "-rd", "second_path=b.gds", "-rd", "difference_path=d.gds"],
            folder
        );
        Assert.Multiple(() =>
        {
            Assert.That(summary.Straps, Is.GreaterThan(5));
            Assert.That(
                output.Trim().ReplaceLineEndings("\n"),
                Is.EqualTo(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"layer 51 xor {summary.Vias} ours {summary.Vias} not alike 0\n"
                            + $"layer 61 xor {summary.Straps} ours {summary.Straps} not alike 0"
                    )
                )
            );
        });
    }

    [Test]
    public async Task KLayout_counts_the_same_vias_straps_area_and_differences()
    {
        Tools.Need("klayout");
        using SmallChip a = new(1),
            b = new(8);
        using var folder = new TemporaryFolder();
        // Without the vector ROM, whose arrays have no outline.
        var window = MaskWindow.Everything with { Die = 0 };
        var summary = ExportGds.ToFile(Path.Combine(folder.Path, "a.gds"), a.Image, SmallChip.Geometry, window);
        ExportGds.ToFile(Path.Combine(folder.Path, "b.gds"), b.Image, SmallChip.Geometry, window);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "check.py"), Script);
        var (output, _) = await ExternalTool.RunAsync(
            "klayout",
            ["-zz", "-r", "check.py", "-rd", "first_path=a.gds", "-rd", "second_path=b.gds"],
            folder.Path
        );
        var sites = a.Sites.Count();
        var area = (long)SmallChip.Geometry.SiteWidth * SmallChip.Geometry.SiteHeight * sites;
        var banks = XorImages.Compare(a.Image, b.Image).Tensors.Where(t => t.Tensor != "norm").Sum(t => t.Changed);
        var expected = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            dbu 0.001 cells {sites + 3}
            layer 51 count {summary.Vias} merged {summary.Vias} area {summary.Vias * 400} of {area} xor {banks}
            layer 61 count {summary.Straps} merged {summary.Straps} area {summary.Straps * 80 * 320} of {area} xor 0
            """
        );
        Assert.That(output.Trim().ReplaceLineEndings("\n"), Is.EqualTo(expected.ReplaceLineEndings("\n")));
    }
}
