using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Products at full precision in the reference's arithmetic: float products, summed in order in more than float.</summary>
internal static class FloatProducts
{
    /// <summary>F32, F16 and BF16.</summary>
    public static void Plain<T, TSum>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where T : unmanaged, IFloatFormat
        where TSum : unmanaged, IRunningSum<TSum>
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = default(TSum);
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * T.Bytes)
                sum = sum.Plus(T.Weight(new PanelBlock(w.Codes, w.Book, at, walk.Column)) * x.Values[((long)walk.Row * x.Inputs) + b]);
        }

        y[index] = sum.Over(1);
    }

    /// <summary>The fabric's formats at their dequantised values.</summary>
    public static void Rom<TSum>(Index1D index, DeviceMatrix w, DeviceVectors x, ArrayView<float> y)
        where TSum : unmanaged, IRunningSum<TSum>
    {
        var walk = new ColumnWalk(index, w);
        var at = walk.At;
        var sum = default(TSum);
        for (var s = 0; s < w.SegmentCount; s++)
        {
            int first = walk.First(w, s),
                last = first + walk.Blocks(w, s);
            for (var b = first; b < last; b++, at += 4 * (1 + (4 * w.CodeBits)))
            {
                var block = new PanelBlock(w.Codes, w.Book, at, walk.Column);
                var scale = w.ColumnScales[walk.Output] * block.Single(0);
                var input = ((long)walk.Row * x.Inputs) + (32 * b);
                var inputs = IntrinsicMath.Min(32, x.Inputs - (32 * b));
                for (var i = 0; i < inputs; i++)
                    sum = sum.Plus(scale * RomCode.Of(block, w.CodeBits, i) * x.Values[input + i]);
            }
        }

        y[index] = sum.Over(1);
    }
}
