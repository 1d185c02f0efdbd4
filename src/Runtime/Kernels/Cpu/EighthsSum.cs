using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// sum + (d · dx) · (Σ scale · part) / 8. The reference adds Σ scale · codes and an eighth of Σ ± scale · x as floats; with weights of 8 ·
/// code ± 1 it is one integer, and both are exact: 9 · 15 · 127 · 256 is below 2^24.
/// </summary>
internal readonly unsafe struct EighthsSum : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w,
        int half,
        int part,
        float* dx,
        Vector256<int> products,
        ref Vector256<int> total,
        ref Vector256<float> terms
    ) => ScaledSum.Step(w, half, part, dx, products, ref total, ref terms);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> End<TDot>(
        SumBlock* w,
        int half,
        float* dx,
        short* sums16,
        Vector256<int> total,
        Vector256<float> terms,
        Vector256<float> sum
    )
        where TDot : struct, IByteDot =>
        sum
        + (Vector256.Load(w->Scale + (8 * half)) * Vector256.Create(*dx) * (Vector256.ConvertToSingle(total) * Vector256.Create(0.125f)));

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => ScaledSum.Scale(w, half, part) * Vector256.Create(0.125f);
}
