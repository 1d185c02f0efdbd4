using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>sum + (d · dx) · Σ part: one integer sum per block.</summary>
internal readonly unsafe struct PlainSum : IBlockSum
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
    ) => total += products;

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
        sum + (Vector256.Load(w->Scale + (8 * half)) * Vector256.Create(*dx) * Vector256.ConvertToSingle(total));

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => Vector256.Load(w->Scale + (8 * half));
}
