using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>sum + ((d · dx) · Σ scale · part − (m · dx) · Σ minimum · Σ x).</summary>
internal readonly unsafe struct MinimaSum : IBlockSum
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
        where TDot : struct, IByteDot
    {
        var pairs = (int*)sums16;
        var minima = Vector256<int>.Zero;
        for (var k = 0; k < 8; k++)
            minima = TDot.Pairs(minima, Vector256.Load(w->Minima + (16 * k) + (8 * half)).AsInt16(), Vector256.Create(pairs[k]).AsInt16());
        var scale = Vector256.Create(*dx);
        return sum
            + (
                (scale * Vector256.Load(w->Scale + (8 * half)) * Vector256.ConvertToSingle(total))
                - (scale * Vector256.Load(w->Minimum + (8 * half)) * Vector256.ConvertToSingle(minima))
            );
    }

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => ScaledSum.Scale(w, half, part);

    public static Vector256<float> Minimum(SumBlock* w, int half, int part)
    {
        var pairs = Vector256.Load(w->Minima + (16 * (part / 2)) + (8 * half));
        return Vector256.Load(w->Minimum + (8 * half))
            * Vector256.ConvertToSingle(part % 2 == 0 ? pairs & Vector256.Create(0xFFFF) : pairs >>> 16);
    }
}
