using System.Runtime.Intrinsics;
using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Tests.Kernels;

[TestFixture]
[Category("Kernels")]
public sealed unsafe class HalfVectorsTests
{
    [Test]
    public void Every_finite_half_widens_exactly()
    {
        var wrong = 0;
        var halves = stackalloc ushort[16];
        for (var first = 0; first < 65536; first += 16)
        {
            for (var i = 0; i < 16; i++)
                halves[i] = (ushort)(first + i);
            var wide = HalfVectors.Load16(halves);
            var low = HalfVectors.Load8(halves);
            for (var i = 0; i < 16; i++)
            {
                var expected = (float)BitConverter.UInt16BitsToHalf(halves[i]);
                if (float.IsFinite(expected) && (wide.GetElement(i) != expected || (i < 8 && low.GetElement(i) != expected)))
                    wrong++;
            }
        }

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void Rounding_to_half_equals_the_conversion_at_every_boundary()
    {
        // Every half, the tie between it and the next, and the floats beside both.
        var values = new List<float> { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 65519.996f, 65520, 1e30f, float.Epsilon };
        for (var i = 0; i < 65536; i++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)i),
                next = (float)BitConverter.UInt16BitsToHalf((ushort)(i + 1));
            if (!float.IsFinite(half) || !float.IsFinite(next))
                continue;
            var tie = half + ((next - half) / 2);
            values.AddRange([
                half,
                MathF.BitIncrement(half),
                MathF.BitDecrement(half),
                tie,
                MathF.BitIncrement(tie),
                MathF.BitDecrement(tie),
            ]);
        }

        var actual = new float[values.Count];
        var source = values.ToArray();
        fixed (
            float* x = source,
                y = actual
        )
            HalfVectors.Round(x, y, actual.Length);
        Assert.That(
            MatMulTests.Bits(actual),
            Is.EqualTo(MatMulTests.Bits(Array.ConvertAll(source, v => float.IsNaN(v) ? v : (float)(Half)v)))
        );
    }
}
