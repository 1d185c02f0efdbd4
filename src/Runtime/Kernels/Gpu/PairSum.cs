using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// For devices without binary64: an unevaluated pair of floats, about 48 bits. Each step is Knuth's two-sum (The Art of Computer
/// Programming 2, 4.2.2, theorem B).
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
