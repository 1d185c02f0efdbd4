using System.Numerics;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class GdsTests
{
    [Test]
    public void Vias_and_straps_read_back_are_the_bytes_of_every_bank()
    {
        using var chip = new SmallChip(1);
        var read = ReadMask
            .Banks(new MemoryStream(chip.Gds()), SmallChip.Geometry, "small.gds")
            .ToDictionary(b => b.Cell, StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(read.Values.Where(b => b.Site >= 0).Select(b => b.Site), Is.EqualTo(chip.Sites));
            foreach (var site in chip.Sites)
            {
                var bits = read[ExportGds.BankCell(site)];
                var bank = chip.Image.Bank(site);
                Assert.That(bits.Weights.AsSpan(0, bank.Length).ToArray(), Is.EqualTo(bank), $"weights of site {site}");
                Assert.That(bits.Weights.AsSpan(bank.Length).ToArray(), Is.All.Zero, $"beyond the bank of site {site}");
                Assert.That(bits.Straps, Is.EqualTo(chip.Image.StrapBits(site)), $"straps of site {site}");
            }

            var vectors = read
                .Values.Where(b => b.Site < 0)
                .SelectMany(b => b.Weights.Take((int)(SmallChip.Geometry.ArrayBits / 8)))
                .Take(4000)
                .ToArray();
            var stored = new byte[4000];
            chip.Image.ReadVectors(0, stored);
            Assert.That(vectors, Is.EqualTo(stored), "vector ROM");
        });
    }

    [Test]
    public void Two_exports_are_the_same_bytes()
    {
        using SmallChip first = new(2),
            second = new(2);
        Assert.That(first.Gds(), Is.EqualTo(second.Gds()));
    }

    [Test]
    public void Window_of_one_site_holds_that_bank_alone()
    {
        using var chip = new SmallChip(3);
        var site = chip.Sites.ElementAt(4);
        var cells = GdsReader.Cells(new MemoryStream(chip.Gds(MaskWindow.Of(site, SmallChip.Fabric))), "window.gds").Select(c => c.Name);
        Assert.That(cells, Is.EqualTo((string[])["VIA", "STRAP", ExportGds.BankCell(site), "DIE_0"]));
    }

    [Test]
    public void Window_without_a_bank_is_refused()
    {
        using var chip = new SmallChip(3);
        Assert.That(() => chip.Gds(MaskWindow.Of(0, SmallChip.Fabric)), Throws.TypeOf<InputException>().With.Message.Contains("no bank"));
    }

    [Test]
    public void Summary_counts_the_ones_of_both_layers()
    {
        using var chip = new SmallChip(4);
        var summary = ExportGds.ToStream(Stream.Null, chip.Image, SmallChip.Geometry, MaskWindow.Everything);
        var vector = new byte[chip.Image.VectorBytes];
        chip.Image.ReadVectors(0, vector);
        Assert.Multiple(() =>
        {
            Assert.That(summary.Banks, Is.EqualTo(chip.Sites.Count()));
            Assert.That(summary.Vias, Is.EqualTo(chip.Sites.Sum(s => Ones(chip.Image.Bank(s))) + Ones(vector)));
            Assert.That(summary.Straps, Is.EqualTo(chip.Sites.Sum(s => Ones(chip.Image.StrapBits(s)))));
            Assert.That(summary.Bytes, Is.EqualTo(chip.Gds().Length));
        });
    }

    [Test]
    public void Demonstration_chip_has_as_many_vias_as_its_description_says_and_keeps_every_rule()
    {
        var description = ChipDirectory.ReadDescription(DemoChip.Folder);
        using var image = MaskImage.Open(DemoChip.Folder);
        var geometry = new MaskGeometry(image.Fabric, SmallChip.Rules);
        var summary = ExportGds.ToStream(Stream.Null, image, geometry, MaskWindow.Everything);
        var path = Path.Combine(Path.GetDirectoryName(DemoChip.Folder)!, "demo.gds");
        var window = ExportGds.ToFile(
            path,
            image,
            geometry,
            new MaskWindow
            {
                Die = 0,
                Column = 0,
                Row = 0,
                Columns = 4,
                Rows = 4,
            }
        );
        using var stream = File.OpenRead(path);
        var report = CheckMask.Run(stream, geometry, "demo.gds");
        Assert.Multiple(() =>
        {
            Assert.That(summary.Vias, Is.EqualTo(description.Resources.WeightsLayerVias));
            Assert.That(summary.Straps, Is.EqualTo(description.Resources.DataflowLayerStraps));
            Assert.That(report.Faults.Take(5), Is.Empty);
            Assert.That(report.Vias, Is.EqualTo(window.Vias).And.GreaterThan(100_000));
            Assert.That(report.Straps, Is.EqualTo(window.Straps).And.GreaterThan(10));
        });
    }

    [Test]
    public void Cut_files_are_refused_with_one_line()
    {
        using var chip = new SmallChip(5);
        var gds = chip.Gds(MaskWindow.Of(chip.Sites.First(), SmallChip.Fabric));
        Assert.Multiple(() =>
        {
            foreach (var length in (int[])[0, 3, 60, 200, gds.Length / 2, gds.Length - 1])
                Assert.That(
                    () => GdsReader.Cells(new MemoryStream(gds, 0, length), "cut.gds").Count(),
                    Throws.TypeOf<InputException>().With.Message.StartsWith("cut.gds: "),
                    $"{length} bytes"
                );
        });
    }

    [Test]
    public void Altered_bytes_are_read_or_refused_with_one_line()
    {
        using var chip = new SmallChip(6);
        var gds = chip.Gds(MaskWindow.Of(chip.Sites.First(), SmallChip.Fabric));
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 500; i++)
        {
            var copy = (byte[])gds.Clone();
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
            try
            {
                _ = ReadMask.Banks(new MemoryStream(copy), SmallChip.Geometry, "altered.gds").Count();
            }
            catch (InputException e)
            {
                Assert.That(e.Message, Does.StartWith("altered.gds: ").And.Not.Contain('\n'));
                refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public void Every_via_position_belongs_to_one_bit()
    {
        var geometry = SmallChip.Geometry;
        Assert.Multiple(() =>
        {
            for (long bit = 0; bit < geometry.ArrayBits; bit += 7)
            {
                var (x, y) = geometry.ViaCentre(bit);
                Assert.That(geometry.BitAt(x, y), Is.EqualTo(bit));
                Assert.That(geometry.BitAt(x + 1, y), Is.EqualTo(-1));
            }

            Assert.That(geometry.ArrayBits, Is.GreaterThanOrEqualTo(SmallChip.Fabric.Bank.CapacityBits));
            Assert.That(geometry.Outline.Contains(geometry.Array), Is.True);
        });
    }

    [Test]
    public void Every_fabric_has_mask_rules_that_an_array_of_ones_keeps()
    {
        foreach (var path in Directory.EnumerateFiles(Shared.InRepo("chips/fabrics"), "*.yaml"))
        {
            var fabric = YamlReader.Read<FabricSpec>(path);
            var geometry = new MaskGeometry(fabric, YamlReader.Read<MaskRules>(Shared.InRepo($"chips/masks/{fabric.Technology}.yaml")));
            using var stream = new MemoryStream();
            using (var writer = new GdsWriter(stream, "TEST"))
            {
                writer.BeginCell(ExportGds.ViaCell);
                writer.Rectangle(geometry.Layers.Weights, geometry.Via);
                writer.EndCell();
                writer.BeginCell(ExportGds.BankCell(0));
                // A corner of the array that is larger than a density window.
                for (var row = 0; row < 160; row++)
                    writer.Row(
                        ExportGds.ViaCell,
                        geometry.ViaCentre((long)row * geometry.BitLines).X,
                        geometry.ViaCentre((long)row * geometry.BitLines).Y,
                        Math.Min(320, geometry.BitLines),
                        geometry.PitchX
                    );
                writer.EndCell();
                writer.BeginCell(ExportGds.DieCell(0));
                writer.Reference(ExportGds.BankCell(0), 0, 0);
                writer.EndCell();
            }

            stream.Position = 0;
            Assert.That(CheckMask.Run(stream, geometry, fabric.Name).Faults.Take(3), Is.Empty, fabric.Name);
        }
    }

    private static long Ones(byte[] bytes) => bytes.Sum(b => (long)BitOperations.PopCount(b));
}
