using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// How the integer sums of a block's parts become one addition (or several) to the running sum of an output, rounded as the reference
/// rounds it; eight columns at a time.
/// </summary>
internal unsafe interface IBlockSum
{
    /// <summary>What the float terms of the block are added to, given the running sum.</summary>
    static abstract Vector256<float> Begin(Vector256<float> sum);

    /// <summary>Adds a part.</summary>
    /// <param name="w">The block row.</param>
    /// <param name="half">Columns 0…7 or 8…15.</param>
    /// <param name="part">Which part of the block.</param>
    /// <param name="dx">Scale of the activations that the part meets.</param>
    /// <param name="products">Σ weight · x of the part.</param>
    /// <param name="total">Integer sum of the block.</param>
    /// <param name="terms">Float terms of the block.</param>
    static abstract void Step(
        SumBlock* w,
        int half,
        int part,
        float* dx,
        Vector256<int> products,
        ref Vector256<int> total,
        ref Vector256<float> terms
    );

    /// <summary>The running sum behind the block.</summary>
    /// <param name="w">The block row.</param>
    /// <param name="half">Columns 0…7 or 8…15.</param>
    /// <param name="dx">Scale of the activations (Q8_K).</param>
    /// <param name="sums16">Sums of sixteen activations (Q8_K).</param>
    /// <param name="total">Integer sum of the block.</param>
    /// <param name="terms">Float terms of the block.</param>
    /// <param name="sum">The running sum before the block.</param>
    static abstract Vector256<float> End<TDot>(
        SumBlock* w,
        int half,
        float* dx,
        short* sums16,
        Vector256<int> total,
        Vector256<float> terms,
        Vector256<float> sum
    )
        where TDot : struct, IByteDot;

    /// <summary>Scale of the columns' weights in a part.</summary>
    static abstract Vector256<float> Scale(SumBlock* w, int half, int part);

    /// <summary>What is subtracted from the columns' weights in a part.</summary>
    static virtual Vector256<float> Minimum(SumBlock* w, int half, int part) => Vector256<float>.Zero;
}
