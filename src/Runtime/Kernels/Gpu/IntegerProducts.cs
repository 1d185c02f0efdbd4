using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// Products of quantised weights with quantised activations: one thread per output and token, integer sums in a block, floats from block to
/// block, all in the order of the reference. A thread's y is at [token][output].
/// </summary>
internal static class IntegerProducts
{
    /// <summary>sum += (Σ · weight scale) · activation scale: Q4_0 alone rounds in this order.</summary>
    public static void SumFirst<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IIntegerFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * T.Weights);
                sum += Dot<T>(block, x, input, 0, T.Weights / 4) * T.Scale(block) * x.Scales[input / 32];
            }
        }

        y[index] = sum;
    }

    /// <summary>
    /// Per sub-block sum += ((weight scale · activation scale) · step) · Σ, less minimum · (activation scale · Σ activations) as Q8_1
    /// stores it. Activations with a scale per 32 inputs, or per 256 for blocks of 256.
    /// </summary>
    public static void ScaleFirst<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IIntegerFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * T.Weights);
                var scale = T.Scale(block);
                for (var part = 0; part < T.Weights / T.SubBlock; part++)
                {
                    var dot = Dot<T>(block, x, input, part * T.SubBlock / 4, T.SubBlock / 4);
                    var from = T.Weights == 256 ? input / 256 : (input + (part * T.SubBlock)) / 32;
                    var term = scale * x.Scales[from] * T.Step(block, part) * dot;
                    if (T.HasMinimum)
                        term -= T.MinimumScale(block) * x.Products[from];
                    sum += term;
                }
            }
        }

        y[index] = sum;
    }

    /// <summary>Blocks longer than the activations' 32: sum += weight scale · Σ (activation scale · Σ).</summary>
    public static void ScaleLast<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IIntegerFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * T.Weights);
                var parts = 0f;
                for (var part = 0; part < T.Weights / 32; part++)
                    parts += x.Scales[(input / 32) + part] * Dot<T>(block, x, input, 8 * part, 8);
                sum += T.Scale(block) * parts;
            }
        }

        y[index] = sum;
    }

    /// <summary>Blocks of 256 with one integer sum: sum += (dx · d) · Σ step · Σ codes − (dx · dmin) · Σ minimum · Σ activations; the
    /// result is finish · sum.</summary>
    public static void OneSum<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y, float finish)
        where T : unmanaged, IIntegerFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * 256);
                int codes = 0,
                    minima = 0;
                for (var part = 0; part < 256 / T.SubBlock; part++)
                {
                    codes += T.Step(block, part) * Dot<T>(block, x, input, part * T.SubBlock / 4, T.SubBlock / 4);
                    if (T.HasMinimum)
                        minima += T.MinimumStep(block, part) * x.Sums[(input / 16) + part];
                }

                var dx = x.Scales[input / 256];
                var term = dx * T.Scale(block) * codes;
                if (T.HasMinimum)
                    term -= dx * T.MinimumScale(block) * minima;
                sum += term;
            }
        }

        y[index] = finish * sum;
    }

    /// <summary>IQ1: sum += (d · dx) · (Σ step · Σ codes + 1/8 · Σ step · shift · Σ activations).</summary>
    public static void Shifted<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IShiftedFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = 0f;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * 256);
                int codes = 0,
                    shifts = 0;
                for (var g = 0; g < 32; g++)
                {
                    var step = T.Step(block, 8 * g / T.SubBlock);
                    codes += step * Dot<T>(block, x, input, 2 * g, 2);
                    shifts +=
                        step
                        * T.Shift(block, g)
                        * (Integers.Sum(x.Codes[(input / 4) + (2 * g)]) + Integers.Sum(x.Codes[(input / 4) + (2 * g) + 1]));
                }

                sum += T.Scale(block) * x.Scales[input / 256] * (codes + (0.125f * shifts));
            }
        }

        y[index] = sum;
    }

    /// <summary>
    /// Q3_K to Q6_K: eight integer lanes (input mod 8) per block, each scaled and added to its own float; minima in a ninth sum; added
    /// up in order at the end.
    /// </summary>
    [SuppressMessage("Design", "MA0051", Justification = "Nine sums stay in registers only within one method.")]
    public static void Lanes<T>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IIntegerFormat
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        float sum = 0,
            f0 = 0,
            f1 = 0,
            f2 = 0,
            f3 = 0,
            f4 = 0,
            f5 = 0,
            f6 = 0,
            f7 = 0;
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var input = ((long)walk.Row * x.Inputs) + (b * 256);
                int l0 = 0,
                    l1 = 0,
                    l2 = 0,
                    l3 = 0,
                    l4 = 0,
                    l5 = 0,
                    l6 = 0,
                    l7 = 0,
                    minima = 0;
                for (var part = 0; part < 256 / T.SubBlock; part++)
                {
                    var step = T.Step(block, part);
                    var quads = T.SubBlock / 4;
                    for (var q = part * quads; q < (part + 1) * quads; q += 2)
                    {
                        uint c = T.Quad(block, q),
                            a = x.Codes[(input / 4) + q];
                        l0 += step * Product<T>(c, a, 0);
                        l1 += step * Product<T>(c, a, 1);
                        l2 += step * Product<T>(c, a, 2);
                        l3 += step * Product<T>(c, a, 3);
                        c = T.Quad(block, q + 1);
                        a = x.Codes[(input / 4) + q + 1];
                        l4 += step * Product<T>(c, a, 0);
                        l5 += step * Product<T>(c, a, 1);
                        l6 += step * Product<T>(c, a, 2);
                        l7 += step * Product<T>(c, a, 3);
                    }

                    if (T.HasMinimum)
                        minima += T.MinimumStep(block, part) * (x.Sums[(input / 16) + (2 * part)] + x.Sums[(input / 16) + (2 * part) + 1]);
                }

                var dx = x.Scales[input / 256];
                var scale = T.Scale(block) * dx;
                f0 += scale * l0;
                f1 += scale * l1;
                f2 += scale * l2;
                f3 += scale * l3;
                f4 += scale * l4;
                f5 += scale * l5;
                f6 += scale * l6;
                f7 += scale * l7;
                if (T.HasMinimum)
                    sum -= T.MinimumScale(block) * dx * minima;
            }
        }

        y[index] = sum + f0 + f1 + f2 + f3 + f4 + f5 + f6 + f7;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Dot<T>(PanelBlock block, DeviceVectors x, long input, int from, int quads)
        where T : unmanaged, IIntegerFormat
    {
        var sum = 0;
        for (var q = from; q < from + quads; q++)
            sum += Integers.Dot(T.Quad(block, q), x.Codes[(input / 4) + q], T.Offset);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Product<T>(uint codes, uint activations, int i)
        where T : unmanaged, IIntegerFormat => (Integers.Byte(codes, i) - T.Offset) * Integers.Byte(activations, i);
}
