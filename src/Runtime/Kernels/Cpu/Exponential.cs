using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// e^x with the bits of glibc's expf, sixteen at a time. Its method: x = k/32 · ln 2 + r, 2^(k/32) from a table, a cubic in r, all in
/// double, one rounding to float at the end. Source: Szabolcs Nagy, ARM optimized routines, math/expf.c (glibc 2.27 and later).
/// </summary>
internal static unsafe class Exponential
{
    /// <summary>1.5·2^52: adding it leaves the nearest integer in the low mantissa bits.</summary>
    public const double Shift = 6755399441055744.0;

    public const double InverseStep = 1.4426950408889634 * 32;

    /// <summary>The cubic's coefficients, by falling power.</summary>
    public const double C3 = 0.05550361559341535 / 32 / 32 / 32,
        C2 = 0.2402284522445722 / 32 / 32,
        C1 = 0.6931471806916203 / 32;

    /// <summary>Below the first every result rounds to 0, above the second to infinity.</summary>
    public const float Least = -104,
        Most = 89;

    /// <summary>Bits of 2^(i/32) less i·2^47, so that adding k·2^47 gives those of 2^(k/32).</summary>
    public static ReadOnlySpan<long> Powers =>
        [
            0x3ff0000000000000,
            0x3fefd9b0d3158574,
            0x3fefb5586cf9890f,
            0x3fef9301d0125b51,
            0x3fef72b83c7d517b,
            0x3fef54873168b9aa,
            0x3fef387a6e756238,
            0x3fef1e9df51fdee1,
            0x3fef06fe0a31b715,
            0x3feef1a7373aa9cb,
            0x3feedea64c123422,
            0x3feece086061892d,
            0x3feebfdad5362a27,
            0x3feeb42b569d4f82,
            0x3feeab07dd485429,
            0x3feea47eb03a5585,
            0x3feea09e667f3bcd,
            0x3fee9f75e8ec5f74,
            0x3feea11473eb0187,
            0x3feea589994cce13,
            0x3feeace5422aa0db,
            0x3feeb737b0cdc5e5,
            0x3feec49182a3f090,
            0x3feed503b23e255d,
            0x3feee89f995ad3ad,
            0x3feeff76f2fb5e47,
            0x3fef199bdd85529c,
            0x3fef3720dcef9069,
            0x3fef5818dcfba487,
            0x3fef7c97337b9b5f,
            0x3fefa4afa2a490da,
            0x3fefd0765b6e4540,
        ];

    /// <summary>e^x of each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var bounded = Vector512.MaxNative(Vector512.MinNative(x, Vector512.Create(Most)), Vector512.Create(Least));
        var result = Vector512.Narrow(Exp(Vector512.WidenLower(bounded)), Exp(Vector512.WidenUpper(bounded)));
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), result, x);
    }

    /// <summary>e^x.</summary>
    public static float Exp(float x) => Exp(Vector512.Create(x)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Exp(Vector512<double> x)
    {
        var shifted = MultiplyAdd(x, Vector512.Create(InverseStep), Vector512.Create(Shift));
        var k = shifted.AsInt64();
        var r = MultiplyAdd(x, Vector512.Create(InverseStep), Vector512.Create(Shift) - shifted);
        var power = (Lookup(k) + (k << 47)).AsDouble();
        var square = r * r;
        var upper = MultiplyAdd(Vector512.Create(C3), r, Vector512.Create(C2));
        var lower = MultiplyAdd(Vector512.Create(C1), r, Vector512<double>.One);
        return MultiplyAdd(upper, square, lower) * power;
    }

    /// <summary>Entry k mod 32 of the table for each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Lookup(Vector512<long> k)
    {
        var table = (long*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Powers));
        if (Avx512F.IsSupported)
        {
            // The permutation looks at four bits of the index.
            var first = Avx512F.PermuteVar8x64x2(Vector512.Load(table), k, Vector512.Load(table + 8));
            var second = Avx512F.PermuteVar8x64x2(Vector512.Load(table + 16), k, Vector512.Load(table + 24));
            return Vector512.ConditionalSelect(Vector512.Equals(k & Vector512.Create(16L), Vector512<long>.Zero), first, second);
        }

        k &= Vector512.Create(31L);
        return Vector512.Create(
            table[k.GetElement(0)],
            table[k.GetElement(1)],
            table[k.GetElement(2)],
            table[k.GetElement(3)],
            table[k.GetElement(4)],
            table[k.GetElement(5)],
            table[k.GetElement(6)],
            table[k.GetElement(7)]
        );
    }

    /// <summary>
    /// a·b + c, rounded once where the processor can: there glibc takes the build of its function in which every product with a sum after
    /// it is contracted. Of all floats two, 32.564632 and −63.09946, show whether x/ln 2 · 32 − k was.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Fma.IsSupported ? Vector512.FusedMultiplyAdd(a, b, c) : (a * b) + c;
}
