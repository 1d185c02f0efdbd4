using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Float weights: products in float, summed in double in the order of the inputs, one output per lane.</summary>
/// <remarks>
/// A product of short floats is exact in float, so that multiplying and adding in double at once rounds as the reference does
/// (<see cref="IFloatFormat.IsShort"/>): from <see cref="Activations.FewestDoubles"/> vectors on, weights are widened once and multiplied
/// with eight vectors at a time. Two panels are read side by side for a single vector, so that the sums of one wait less for each other.
/// </remarks>
internal sealed unsafe class FloatKernel<TFormat> : PanelKernel
    where TFormat : struct, IFloatFormat
{
    /// <summary>Inputs that are widened at once: 16 KB of weights, which stay in the nearest cache.</summary>
    private const int Chunk = 128;

    public override int StateBytes => 16 * sizeof(double);

    public override int GroupSize => 64;

    [SkipLocalsInit]
    public override void Add(
        byte* codes,
        int blocks,
        float* columnScales,
        int columns,
        Activations x,
        int row,
        int rows,
        int input,
        byte* state
    )
    {
        if (!TFormat.IsShort || x.Doubles is null)
        {
            AddRows(codes, blocks, x, row, rows, input, (double*)state);
            return;
        }

        var memory = stackalloc byte[(Chunk * 128) + 64];
        var weights = (double*)(((nint)memory + 63) & ~63);
        for (; blocks > 0; blocks -= Chunk, codes += 16 * TFormat.Bytes * Chunk, input += Chunk)
        {
            var count = Math.Min(blocks, Chunk);
            var inRange = Widen(codes, count, weights);
            for (var t = 0; t < rows; t += 8)
            {
                var sums = (double*)state + (16 * t);
                if (inRange && new ReadOnlySpan<bool>(x.InRange + row + t, 8).IndexOf(false) < 0)
                    AddEight(weights, count, x.Doubles + (((long)(row + t) * x.Inputs) + (8 * input)), sums);
                else
                    AddRows(codes, count, x, row + t, Math.Min(8, rows - t), input, sums);
            }
        }
    }

    public override void AddRun(BankedMatrix matrix, int segment, int panel, int panels, Activations x, byte* states)
    {
        for (; x.Rows == 1 && panels >= 2; panel += 2, panels -= 2, states += 2 * StateBytes)
        {
            ref readonly var first = ref matrix.Panels[(panel * matrix.Segments) + segment];
            ref readonly var second = ref matrix.Panels[((panel + 1) * matrix.Segments) + segment];
            if (first.Rows != second.Rows || first.InputStart != second.InputStart)
                break;
            AddTwoPanels(
                (byte*)first.Address,
                (byte*)second.Address,
                PanelLayout.Blocks(matrix.Format, first.Rows),
                x.Values + first.InputStart,
                (double*)states
            );
        }

        base.AddRun(matrix, segment, panel, panels, x, states);
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs) =>
        Finish((double*)state, outputs);

    /// <summary>Adds <paramref name="count"/> weights of sixteen columns for each of the vectors.</summary>
    public static void AddRows(byte* codes, int count, Activations x, int row, int rows, int input, double* sums)
    {
        for (; rows >= 4; rows -= 4, row += 4, sums += 64)
            AddFour(codes, count, x.Values + ((long)row * x.Inputs) + input, x.Inputs, sums);
        for (; rows > 0; rows--, row++, sums += 16)
            AddOne(codes, count, x.Values + ((long)row * x.Inputs) + input, sums);
    }

    /// <summary>The sixteen sums, rounded once.</summary>
    public static void Finish(double* sums, float* outputs)
    {
        for (var c = 0; c < 16; c++)
            outputs[c] = (float)sums[c];
    }

    /// <summary>Weights in double.</summary>
    /// <returns>Whether their products with activations in range are exact in float.</returns>
    private static bool Widen(byte* w, int count, double* to)
    {
        var outside = Vector512<int>.Zero;
        for (var end = w + (16 * TFormat.Bytes * count); w < end; w += 16 * TFormat.Bytes, to += 16)
        {
            var weights = TFormat.Load(w);
            if (!TFormat.StaysInRange)
                outside |= FloatRange.Outside(weights);
            Vector512.WidenLower(weights).Store(to);
            Vector512.WidenUpper(weights).Store(to + 8);
        }

        return outside == Vector512<int>.Zero;
    }

    private static void AddEight(double* w, int count, double* x, double* sums)
    {
        Vector512<double> l0 = Vector512.Load(sums),
            h0 = Vector512.Load(sums + 8),
            l1 = Vector512.Load(sums + 16),
            h1 = Vector512.Load(sums + 24);
        Vector512<double> l2 = Vector512.Load(sums + 32),
            h2 = Vector512.Load(sums + 40),
            l3 = Vector512.Load(sums + 48),
            h3 = Vector512.Load(sums + 56);
        Vector512<double> l4 = Vector512.Load(sums + 64),
            h4 = Vector512.Load(sums + 72),
            l5 = Vector512.Load(sums + 80),
            h5 = Vector512.Load(sums + 88);
        Vector512<double> l6 = Vector512.Load(sums + 96),
            h6 = Vector512.Load(sums + 104),
            l7 = Vector512.Load(sums + 112),
            h7 = Vector512.Load(sums + 120);
        for (var end = w + (16 * count); w < end; w += 16, x += 8)
        {
            Vector512<double> low = Vector512.Load(w),
                high = Vector512.Load(w + 8);
            Multiply(low, high, x, ref l0, ref h0);
            Multiply(low, high, x + 1, ref l1, ref h1);
            Multiply(low, high, x + 2, ref l2, ref h2);
            Multiply(low, high, x + 3, ref l3, ref h3);
            Multiply(low, high, x + 4, ref l4, ref h4);
            Multiply(low, high, x + 5, ref l5, ref h5);
            Multiply(low, high, x + 6, ref l6, ref h6);
            Multiply(low, high, x + 7, ref l7, ref h7);
        }

        Store(sums, l0, h0, l1, h1, l2, h2, l3, h3);
        Store(sums + 64, l4, h4, l5, h5, l6, h6, l7, h7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(
        Vector512<double> low,
        Vector512<double> high,
        double* x,
        ref Vector512<double> sumLow,
        ref Vector512<double> sumHigh
    )
    {
        var activation = Vector512.Create(*x);
        sumLow = Vector512.FusedMultiplyAdd(low, activation, sumLow);
        sumHigh = Vector512.FusedMultiplyAdd(high, activation, sumHigh);
    }

    private static void AddOne(byte* w, int count, float* x, double* sums)
    {
        Vector512<double> low = Vector512.Load(sums),
            high = Vector512.Load(sums + 8);
        for (var i = 0; i < count; i++, w += 16 * TFormat.Bytes)
            Step(TFormat.Load(w), x + i, ref low, ref high);
        low.Store(sums);
        high.Store(sums + 8);
    }

    private static void AddTwoPanels(byte* w, byte* v, int count, float* x, double* sums)
    {
        Vector512<double> l0 = Vector512.Load(sums),
            h0 = Vector512.Load(sums + 8),
            l1 = Vector512.Load(sums + 16),
            h1 = Vector512.Load(sums + 24);
        for (; count >= 2; count -= 2, x += 2, w += 32 * TFormat.Bytes, v += 32 * TFormat.Bytes)
        {
            CodeFetch.Fetch(w + CodeFetch.Ahead, 32 * TFormat.Bytes);
            CodeFetch.Fetch(v + CodeFetch.Ahead, 32 * TFormat.Bytes);
            Step(TFormat.Load(w), x, ref l0, ref h0);
            Step(TFormat.Load(v), x, ref l1, ref h1);
            Step(TFormat.Load(w + (16 * TFormat.Bytes)), x + 1, ref l0, ref h0);
            Step(TFormat.Load(v + (16 * TFormat.Bytes)), x + 1, ref l1, ref h1);
        }

        if (count > 0)
        {
            Step(TFormat.Load(w), x, ref l0, ref h0);
            Step(TFormat.Load(v), x, ref l1, ref h1);
        }

        l0.Store(sums);
        h0.Store(sums + 8);
        l1.Store(sums + 16);
        h1.Store(sums + 24);
    }

    private static void AddFour(byte* w, int count, float* x, nint stride, double* sums)
    {
        Vector512<double> l0 = Vector512.Load(sums),
            h0 = Vector512.Load(sums + 8),
            l1 = Vector512.Load(sums + 16),
            h1 = Vector512.Load(sums + 24);
        Vector512<double> l2 = Vector512.Load(sums + 32),
            h2 = Vector512.Load(sums + 40),
            l3 = Vector512.Load(sums + 48),
            h3 = Vector512.Load(sums + 56);
        for (var i = 0; i < count; i++, w += 16 * TFormat.Bytes, x++)
        {
            var weights = TFormat.Load(w);
            Step(weights, x, ref l0, ref h0);
            Step(weights, x + stride, ref l1, ref h1);
            Step(weights, x + (2 * stride), ref l2, ref h2);
            Step(weights, x + (3 * stride), ref l3, ref h3);
        }

        Store(sums, l0, h0, l1, h1, l2, h2, l3, h3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        double* sums,
        Vector512<double> l0,
        Vector512<double> h0,
        Vector512<double> l1,
        Vector512<double> h1,
        Vector512<double> l2,
        Vector512<double> h2,
        Vector512<double> l3,
        Vector512<double> h3
    )
    {
        l0.Store(sums);
        h0.Store(sums + 8);
        l1.Store(sums + 16);
        h1.Store(sums + 24);
        l2.Store(sums + 32);
        h2.Store(sums + 40);
        l3.Store(sums + 48);
        h3.Store(sums + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector512<float> weights, float* x, ref Vector512<double> low, ref Vector512<double> high)
    {
        var products = weights * Vector512.Create(*x);
        low += Vector512.WidenLower(products);
        high += Vector512.WidenUpper(products);
    }
}
