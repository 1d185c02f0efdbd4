using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>sum + ((d · dx) · scale) · part for each part: float scales of parts.</summary>
internal readonly unsafe struct PartTerms : IBlockSum
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
    ) =>
        terms +=
            Vector256.Load(w->Scale + (8 * half))
            * Vector256.Create(*dx)
            * Vector256.Load((float*)w->Scales + (16 * part) + (8 * half))
            * Vector256.ConvertToSingle(products);

    public static Vector256<float> End<TDot>(
        SumBlock* w,
        int half,
        float* dx,
        short* sums16,
        Vector256<int> total,
        Vector256<float> terms,
        Vector256<float> sum
    )
        where TDot : struct, IByteDot => terms;

    public static Vector256<float> Scale(SumBlock* w, int half, int part) =>
        PlainSum.Scale(w, half, part) * Vector256.Load((float*)w->Scales + (16 * part) + (8 * half));
}
