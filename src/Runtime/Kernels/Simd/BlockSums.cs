using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>sum + (d · dx) · Σ part: one integer sum per block.</summary>
internal readonly unsafe struct PlainSum : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w, int half, int part, float* dx, Vector256<int> products, ref Vector256<int> total, ref Vector256<float> terms) => total += products;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> End(
        SumBlock* w, int half, float* dx, short* sums16, Vector256<int> total, Vector256<float> terms, Vector256<float> sum) =>
        sum + (Vector256.Load(w->Scale + (8 * half)) * Vector256.Create(*dx) * Vector256.ConvertToSingle(total));

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => Vector256.Load(w->Scale + (8 * half));
}

/// <summary>sum + (d · dx) · Σ scale · part: integer scales of parts.</summary>
internal readonly unsafe struct ScaledSum : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w, int half, int part, float* dx, Vector256<int> products, ref Vector256<int> total, ref Vector256<float> terms) =>
        total += products * Vector256.Load(w->Scales + (16 * part) + (8 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> End(
        SumBlock* w, int half, float* dx, short* sums16, Vector256<int> total, Vector256<float> terms, Vector256<float> sum) =>
        PlainSum.End(w, half, dx, sums16, total, terms, sum);

    public static Vector256<float> Scale(SumBlock* w, int half, int part) =>
        PlainSum.Scale(w, half, part) * Vector256.ConvertToSingle(Vector256.Load(w->Scales + (16 * part) + (8 * half)));
}

/// <summary>
/// sum + (d · dx) · (Σ scale · part) / 8. The reference adds Σ scale · codes and an eighth of Σ ± scale · x as floats; with weights of 8 · code ± 1 it is one integer, and
/// both are exact: 9 · 15 · 127 · 256 is below 2^24.
/// </summary>
internal readonly unsafe struct EighthsSum : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w, int half, int part, float* dx, Vector256<int> products, ref Vector256<int> total, ref Vector256<float> terms) =>
        ScaledSum.Step(w, half, part, dx, products, ref total, ref terms);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> End(
        SumBlock* w, int half, float* dx, short* sums16, Vector256<int> total, Vector256<float> terms, Vector256<float> sum) =>
        sum + (Vector256.Load(w->Scale + (8 * half)) * Vector256.Create(*dx) * (Vector256.ConvertToSingle(total) * Vector256.Create(0.125f)));

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => ScaledSum.Scale(w, half, part) * Vector256.Create(0.125f);
}

/// <summary>sum + ((d · dx) · Σ scale · part − (m · dx) · Σ minimum · Σ x).</summary>
internal readonly unsafe struct MinimaSum<TDot> : IBlockSum
    where TDot : struct, IByteDot
{
    public static Vector256<float> Begin(Vector256<float> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w, int half, int part, float* dx, Vector256<int> products, ref Vector256<int> total, ref Vector256<float> terms) =>
        ScaledSum.Step(w, half, part, dx, products, ref total, ref terms);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> End(
        SumBlock* w, int half, float* dx, short* sums16, Vector256<int> total, Vector256<float> terms, Vector256<float> sum)
    {
        var pairs = (int*)sums16;
        var minima = Vector256<int>.Zero;
        for (var k = 0; k < 8; k++)
            minima = TDot.Pairs(minima, Vector256.Load(w->Minima + (16 * k) + (8 * half)).AsInt16(), Vector256.Create(pairs[k]).AsInt16());
        var scale = Vector256.Create(*dx);
        return sum + ((scale * Vector256.Load(w->Scale + (8 * half)) * Vector256.ConvertToSingle(total))
            - (scale * Vector256.Load(w->Minimum + (8 * half)) * Vector256.ConvertToSingle(minima)));
    }

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => ScaledSum.Scale(w, half, part);

    public static Vector256<float> Minimum(SumBlock* w, int half, int part)
    {
        var pairs = Vector256.Load(w->Minima + (16 * (part / 2)) + (8 * half));
        return Vector256.Load(w->Minimum + (8 * half)) * Vector256.ConvertToSingle(part % 2 == 0 ? pairs & Vector256.Create(0xFFFF) : pairs >>> 16);
    }
}

/// <summary>sum + ((d · dx) · scale) · part for each part: float scales of parts.</summary>
internal readonly unsafe struct PartTerms : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w, int half, int part, float* dx, Vector256<int> products, ref Vector256<int> total, ref Vector256<float> terms) =>
        terms += Vector256.Load(w->Scale + (8 * half)) * Vector256.Create(*dx) * Vector256.Load((float*)w->Scales + (16 * part) + (8 * half))
            * Vector256.ConvertToSingle(products);

    public static Vector256<float> End(
        SumBlock* w, int half, float* dx, short* sums16, Vector256<int> total, Vector256<float> terms, Vector256<float> sum) => terms;

    public static Vector256<float> Scale(SumBlock* w, int half, int part) =>
        PlainSum.Scale(w, half, part) * Vector256.Load((float*)w->Scales + (16 * part) + (8 * half));
}

/// <summary>sum + d · Σ dx · part: the parts of a block meet activations of different scales.</summary>
internal readonly unsafe struct NestedTerms : IBlockSum
{
    public static Vector256<float> Begin(Vector256<float> sum) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(
        SumBlock* w, int half, int part, float* dx, Vector256<int> products, ref Vector256<int> total, ref Vector256<float> terms) =>
        terms += Vector256.Create(*dx) * Vector256.ConvertToSingle(products);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> End(
        SumBlock* w, int half, float* dx, short* sums16, Vector256<int> total, Vector256<float> terms, Vector256<float> sum) =>
        sum + (Vector256.Load(w->Scale + (8 * half)) * terms);

    public static Vector256<float> Scale(SumBlock* w, int half, int part) => PlainSum.Scale(w, half, part);
}
