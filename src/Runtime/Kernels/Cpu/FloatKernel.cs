using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Float weights: products in float, summed in double in the order of the inputs, one output per lane.</summary>
internal sealed unsafe class FloatKernel<TFormat> : PanelKernel
    where TFormat : struct, IFloatFormat
{
    public override int StateBytes => 16 * sizeof(double);

    public override int GroupSize => 16;

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
    ) => AddRows(codes, blocks, x, row, rows, input, (double*)state);

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

    private static void AddOne(byte* w, int count, float* x, double* sums)
    {
        Vector512<double> low = Vector512.Load(sums),
            high = Vector512.Load(sums + 8);
        for (var i = 0; i < count; i++, w += 16 * TFormat.Bytes)
            Step(TFormat.Load(w), x + i, ref low, ref high);
        low.Store(sums);
        high.Store(sums + 8);
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
