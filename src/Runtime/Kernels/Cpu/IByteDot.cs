using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

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
