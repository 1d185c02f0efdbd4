using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

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
