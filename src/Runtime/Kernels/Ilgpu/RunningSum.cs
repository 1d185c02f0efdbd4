using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Ilgpu;

/// <summary>A sum of floats in more than their precision. A new value per term, so that compilers keep it in registers.</summary>
internal interface IRunningSum<TSelf>
    where TSelf : unmanaged, IRunningSum<TSelf>
{
    TSelf Plus(float term);

    /// <summary>The sum over n, rounded to float at the end.</summary>
    float Over(int n);

    /// <summary>1 / sum, rounded to float at the end.</summary>
    float Reciprocal();
}

/// <summary>The reference's sum: double, term after term.</summary>
internal readonly struct DoubleSum(double value) : IRunningSum<DoubleSum>
{
    private readonly double value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DoubleSum Plus(float term) => new(value + term);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Over(int n) => (float)(value / n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Reciprocal() => (float)(1 / value);
}

/// <summary>
/// For devices without binary64: an unevaluated pair of floats, about 48 bits. Each step is Knuth's two-sum (The Art of Computer Programming 2, 4.2.2, theorem B).
/// </summary>
internal readonly struct PairSum(float high, float low) : IRunningSum<PairSum>
{
    private readonly float high = high;
    private readonly float low = low;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PairSum Plus(float term)
    {
        var sum = high + term;
        var back = sum - high;
        var lost = (high - (sum - back)) + (term - back);
        return new PairSum(sum, low + lost);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Over(int n) => (high + low) / n;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Reciprocal() => 1 / (high + low);
}
