using NUnit.Framework;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Compiler.Tests.Export.Masks;

[TestFixture]
[Category("Compiler")]
public sealed class XorImagesTests
{
    [Test]
    public void Image_does_not_differ_from_itself()
    {
        using SmallChip a = new(1),
            b = new(1);
        var difference = XorImages.Compare(a.Image, b.Image);
        Assert.Multiple(() =>
        {
            Assert.That(difference.Tensors.Select(t => t.Tensor), Is.EqualTo((string[])["a", "b", "c", "norm"]));
            Assert.That(difference.Tensors.Sum(t => t.Changed), Is.Zero);
            Assert.That(difference.SharesWeightsMask && difference.SharesDataflowMask, Is.True);
            Assert.That(difference.Tensors[3].Bits, Is.EqualTo(32_000));
        });
    }

    [Test]
    public void Changed_bits_are_counted_in_their_tensor()
    {
        using var a = new SmallChip(1);
        var bank = a.Layout.SiteOffsets[a.Image.Site(a.Image.Port("b"), 0, 1)];
        var vector = a.Layout.VectorOffset;
        // Two ones in the second bank of b become zeros, three zeros of the vector ROM become ones.

        using var left = new SmallChip(1, bytes => (bytes[bank], bytes[vector]) = ((byte)0b1011, (byte)0));
        using var right = new SmallChip(1, bytes => (bytes[bank], bytes[vector]) = ((byte)0b0010, (byte)0b0111));
        var difference = XorImages.Compare(left.Image, right.Image).Tensors.ToDictionary(t => t.Tensor, StringComparer.Ordinal);
        var positions = XorImages.Compare(left.Image, right.Image).WeightsLayerPositions;
        Assert.Multiple(() =>
        {
            Assert.That((difference["b"].ViasAdded, difference["b"].ViasRemoved), Is.EqualTo((0, 2)));
            Assert.That((difference["norm"].ViasAdded, difference["norm"].ViasRemoved), Is.EqualTo((3, 0)));
            Assert.That(difference["a"].Changed + difference["c"].Changed, Is.Zero);
            Assert.That(positions, Is.EqualTo(5));
        });
    }
}
