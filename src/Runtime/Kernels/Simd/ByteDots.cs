using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>Sums of four byte products per 32-bit lane, exact for the ranges that the formats have.</summary>
internal interface IByteDot
{
    /// <summary>What <see cref="Signed"/> adds to each prepared weight.</summary>
    static abstract int SignedBias { get; }

    /// <summary>sum + Σ₄ codes·x; codes at most 63 (so that two products fit 16 bits on every level).</summary>
    static abstract Vector256<int> Unsigned(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x);

    /// <summary>Signed weights as <see cref="Signed"/> wants them.</summary>
    static abstract Vector256<byte> Prepare(Vector256<byte> weights);

    /// <summary>sum + Σ₄ (weight + <see cref="SignedBias"/>)·x, |x| ≤ 127.</summary>
    static abstract Vector256<int> Signed(Vector256<int> sum, Vector256<byte> prepared, Vector256<sbyte> x);

    /// <summary>sum + Σ₂ a·b of 16-bit pairs.</summary>
    static abstract Vector256<int> Pairs(Vector256<int> sum, Vector256<short> a, Vector256<short> b);
}

/// <summary>AVX-VNNI: unsigned times signed bytes, so signed weights are moved up by 128.</summary>
internal readonly struct VnniDot : IByteDot
{
    public static int SignedBias => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Unsigned(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) => AvxVnni.MultiplyWideningAndAdd(sum, codes, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Prepare(Vector256<byte> weights) => weights ^ Vector256.Create((byte)0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Signed(Vector256<int> sum, Vector256<byte> prepared, Vector256<sbyte> x) => AvxVnni.MultiplyWideningAndAdd(sum, prepared, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Pairs(Vector256<int> sum, Vector256<short> a, Vector256<short> b) => AvxVnni.MultiplyWideningAndAdd(sum, a, b);
}

/// <summary>AVX2: pairs of byte products saturate at 16 bits, so signed weights move their sign to x: |w| ≤ 128 and |x| ≤ 127 stay below it.</summary>
internal readonly struct Avx2Dot : IByteDot
{
    public static int SignedBias => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Unsigned(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, x), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Prepare(Vector256<byte> weights) => weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Signed(Vector256<int> sum, Vector256<byte> prepared, Vector256<sbyte> x)
    {
        var w = prepared.AsSByte();
        return Unsigned(sum, Avx2.Abs(w), Avx2.Sign(x, w));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Pairs(Vector256<int> sum, Vector256<short> a, Vector256<short> b) => sum + Avx2.MultiplyAddAdjacent(a, b);
}
