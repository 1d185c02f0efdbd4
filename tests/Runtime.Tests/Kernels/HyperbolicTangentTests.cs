using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>The hyperbolic tangent against the C library that the reference was made with, and against the function itself.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class HyperbolicTangentTests
{
    private const int Count = 1 << 16;

    [Test]
    public void Values_have_the_bits_of_glibc()
    {
        // SHA-256 of tanhf of glibc 2.36 on x86-64 at these arguments, 0 for NaN; later libraries have another method.
        const string Digest = "975c31cf3eef4d371e5d062191fd65f62fa70973a2758909bb1e09ba95ded70d";
        var values = new float[Count];
        for (var i = 0; i < Count; i++)
            values[i] = HyperbolicTangent.Tanh(Argument(i)) is var y && float.IsNaN(y) ? 0 : y;
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values))), Is.EqualTo(Digest));
    }

    [Test]
    public void Values_are_near_the_function_odd_and_bounded() =>
        Assert.Multiple(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                var x = Argument(i);
                var y = HyperbolicTangent.Tanh(x);
                if (float.IsNaN(x))
                {
                    Assert.That(y, Is.NaN);
                    continue;
                }

                // Two units in the last place, and the least number beside 0.
                Assert.That(y, Is.EqualTo((float)Math.Tanh(x)).Within((2 * MathF.Abs(y) * 1.2e-7f) + float.Epsilon), $"tanh {x:R}");
                Assert.That(HyperbolicTangent.Tanh(-x), Is.EqualTo(-y), $"tanh {-x:R}");
                Assert.That(MathF.Abs(y), Is.LessThanOrEqualTo(1), $"tanh {x:R}");
            }
        });

    // A prime step reaches every exponent of both signs.
    private static float Argument(int i) => BitConverter.UInt32BitsToSingle((uint)i * 65521u);
}
