using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A format of 32-weight blocks as <see cref="Block32Kernel{TFormat,TDot}"/> sees it: sixteen columns side by side, eight per
/// half.</summary>
internal unsafe interface IBlock32Format
{
    /// <summary>Bytes of a block.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Whether codes are signed bytes; else unsigned, at most 63.</summary>
    static virtual bool Signed => false;

    /// <summary>What is subtracted from an unsigned code.</summary>
    static virtual int Offset => 0;

    /// <summary>Weights 4·unit… and 16 + 4·unit… of the eight columns of a half: four bytes per column.</summary>
    static abstract void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second);

    /// <summary>Scales of the eight columns of a half.</summary>
    static abstract Vector256<float> Scale(byte* row, int half);

    /// <summary>Minima of the eight columns of a half; unused by formats without.</summary>
    static virtual Vector256<float> Minimum(byte* row, int half) => Vector256<float>.Zero;

    /// <summary>What the block adds to the sums, rounded as the reference rounds it.</summary>
    /// <param name="sum">Σ (code − offset) · x.</param>
    /// <param name="scale">Of the weights.</param>
    /// <param name="minimum">Of the weights.</param>
    /// <param name="xScale">Of the activations.</param>
    /// <param name="xProduct">Scale · sum of the activations (Q8_1).</param>
    static abstract Vector256<float> Term(
        Vector256<float> sum,
        Vector256<float> scale,
        Vector256<float> minimum,
        Vector256<float> xScale,
        Vector256<float> xProduct
    );
}
