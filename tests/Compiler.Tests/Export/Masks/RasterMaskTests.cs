using NUnit.Framework;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class RasterMaskTests
{
    private static readonly MaskGeometry Geometry = SmallChip.Geometry;

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(24)]
    public void Every_via_and_every_position_is_in_one_rectangle(int parts)
    {
        using var chip = new SmallChip(3);
        var summary = ExportGds.ToStream(Stream.Null, chip.Image, Geometry, MaskWindow.Everything);
        var die = RasterMask.Of(ListMaskCells.Of(chip.Image, Geometry, MaskWindow.Everything), Geometry, parts).Single();
        Assert.Multiple(() =>
        {
            Assert.That(die.Vias.Sum(), Is.EqualTo(summary.Vias));
            Assert.That(die.Positions.Sum(), Is.EqualTo((summary.Banks + summary.VectorArrays) * Geometry.ArrayBits));
            Assert.That(die.Vias.Zip(die.Positions).All(p => p.First <= p.Second), Is.True);
            Assert.That(die.StrappedSites, Has.Count.EqualTo(summary.Banks));
            Assert.That(die.Bottom, Is.LessThan(0), "the vector ROM is below the sites");
        });
    }

    [Test]
    public void A_via_is_counted_where_its_centre_stands()
    {
        // The last bit of the third byte of a word line in the middle.
        var bit = (40L * Geometry.BitLines) + 23;
        var bits = new byte[(bit / 8) + 1];
        bits[bit / 8] = 0x80;
        var cell = new MaskCell
        {
            Name = ExportGds.BankCell(6),
            Site = 6,
            Die = 0,
            X = Geometry.SiteWidth,
            Y = Geometry.SiteHeight,
            Weights = bits,
            Straps = new byte[16],
        };
        const int parts = 16;
        var die = RasterMask.Of([cell], Geometry, parts).Single();
        var (x, y) = Geometry.ViaCentre(bit);
        var expected = ((int)(y / die.CellHeight) * parts) + (int)(x / die.CellWidth);
        Assert.Multiple(() =>
        {
            Assert.That(die.Vias.Sum(), Is.EqualTo(1));
            Assert.That(die.Vias[expected], Is.EqualTo(1));
            Assert.That((die.Left, die.Bottom), Is.EqualTo((Geometry.SiteWidth, Geometry.SiteHeight)));
            Assert.That(die.StrappedSites, Is.Empty);
        });
    }
}
