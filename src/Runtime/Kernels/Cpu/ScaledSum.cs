using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>sum + (d · dx) · Σ scale · part: integer scales of parts.</summary>
internal readonly unsafe struct ScaledSum : IBlockSum
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
    ) => total += products * Vector256.Load(w->Scales + (16 * part) + (8 * half));

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
        where TDot : struct, IByteDot => PlainSum.End<TDot>(w, half, dx, sums16, total, terms, sum);

    public static Vector256<float> Scale(SumBlock* w, int half, int part) =>
        PlainSum.Scale(w, half, part) * Vector256.ConvertToSingle(Vector256.Load(w->Scales + (16 * part) + (8 * half)));
}
