using System.Runtime.Intrinsics;
using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>The vector exponential against the C library's, which the reference uses.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class ExponentialTests
{
    [Test]
    public void Every_float_has_the_bits_of_the_c_library()
    {
        // A prime step reaches every exponent and every entry of the table; all floats take two minutes.
        var step = Shared.All ? 1UL : 2503;
        Span<float> x = stackalloc float[16];
        var wrong = 0;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += 16 * step)
        {
            for (var i = 0; i < 16; i++)
                x[i] = BitConverter.UInt32BitsToSingle((uint)(bits + ((ulong)i * step)));
            var e = Exponential.Exp(Vector512.Create<float>(x));
            for (var i = 0; i < 16; i++)
                if (!Same(e.GetElement(i), MathF.Exp(x[i])))
                    wrong++;
        }

        Assert.That(wrong, Is.Zero);
    }

    [TestCase(0f)]
    [TestCase(float.NegativeInfinity)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NaN)]
    [TestCase(88.72283f)]
    [TestCase(88.72284f)]
    [TestCase(-103.97207f)]
    [TestCase(-103.97208f)]
    [TestCase(-87.33655f)]
    [TestCase(32.564632f)]
    [TestCase(-63.09946f)]
    public void Ends_of_the_range_and_the_closest_ties_agree(float x) =>
        Assert.That(Same(Exponential.Exp(x), MathF.Exp(x)), $"{Exponential.Exp(x)} is not {MathF.Exp(x)}");

    private static bool Same(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}
