using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>sum + d · Σ dx · part: the parts of a block meet activations of different scales.</summary>
internal readonly unsafe struct NestedTerms : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w,
        int half,
        int part,
        float* dx,
        Vector256<int> products,
        ref Vector256<int> total,
        ref Vector256<float> terms
    ) => terms += Vector256.Create(*dx) * Vector256.ConvertToSingle(products);

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
        where TDot : struct, IByteDot => sum + (Vector256.Load(w->Scale + (8 * half)) * terms);

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => PlainSum.Scale(w, half, part);
}
