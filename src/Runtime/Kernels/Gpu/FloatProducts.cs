using ILGPU;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Products at full precision in the reference's arithmetic: float products, summed in order in more than float.</summary>
internal static class FloatProducts
{
    /// <summary>Outputs of a panel.</summary>
    private const int Columns = PanelLayout.Columns;

    /// <summary>
    /// F32, F16 and BF16, few tokens: a group per panel and token. Threads share out the products of all sixteen columns; one thread per
    /// column adds them up.
    /// </summary>
    /// <param name="w">Matrix.</param>
    /// <param name="x">Activations.</param>
    /// <param name="y">Results.</param>
    /// <param name="chunk">Inputs whose products are in shared memory at a time.</param>
    public static void Split<T, TSum>(DeviceMatrix w, DeviceVectors x, ArrayView<float> y, int chunk)
        where T : unmanaged, IFloatFormat
        where TSum : unmanaged, IRunningSum<TSum>
    {
        var shared = SharedMemory.GetDynamic<float>();
        int thread = Group.IdxX,
            threads = Group.DimX,
            panel = Grid.IdxX % w.Panels,
            row = Grid.IdxX / w.Panels;
        var first = panel * w.PanelWords;
        // One pass where the group has a thread for each column.
        for (var pass = 0; pass < Columns; pass += threads)
        {
            var column = pass + thread;
            var sum = default(TSum);
            for (var start = 0; start < w.Blocks; start += chunk)
            {
                var count = IntrinsicMath.Min(chunk, w.Blocks - start);
                for (var i = thread; i < Columns * count; i += threads)
                {
                    var b = start + (i / Columns);
                    var weight = T.Weight(new PanelBlock(w.Codes, w.Book, first + ((long)b * 4 * T.Bytes), i % Columns));
                    shared[i] = weight * x.Values[((long)row * x.Inputs) + w.InputBlock(panel, b)];
                }

                Group.Barrier();
                for (var i = 0; i < count && column < Columns; i++)
                    sum = sum.Plus(shared[(i * Columns) + column]);
                Group.Barrier();
            }

            if (column < Columns && (panel * Columns) + column < w.Outputs)
                y[((long)row * w.Outputs) + (panel * Columns) + column] = sum.Over(1);
        }
    }

    /// <summary>
    /// F32, F16 and BF16, many tokens: a group per panel and <paramref name="tile"/> tokens; weights are copied into shared memory, one
    /// thread per column and token.
    /// </summary>
    /// <param name="w">Matrix.</param>
    /// <param name="x">Activations.</param>
    /// <param name="y">Results.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="tile">Tokens of a group; the threads of a group divide 16 · tile.</param>
    /// <param name="stage">Inputs in shared memory at a time.</param>
    public static void Tile<T, TSum>(DeviceMatrix w, DeviceVectors x, ArrayView<float> y, int rows, int tile, int stage)
        where T : unmanaged, IFloatFormat
        where TSum : unmanaged, IRunningSum<TSum>
    {
        var words = SharedMemory.GetDynamic<uint>();
        int panel = Grid.IdxX % w.Panels,
            firstRow = Grid.IdxX / w.Panels * tile;
        var first = panel * w.PanelWords;
        for (var item = Group.IdxX; item < Columns * tile; item += Group.DimX)
        {
            int column = item % Columns,
                row = firstRow + (item / Columns);
            var sum = default(TSum);
            for (var start = 0; start < w.Blocks; start += stage)
            {
                var count = IntrinsicMath.Min(stage, w.Blocks - start);
                var from = first + ((long)start * 4 * T.Bytes);
                Group.Barrier();
                for (var i = Group.IdxX; i < count * 4 * T.Bytes; i += Group.DimX)
                    words[i] = w.Codes[from + i];
                Group.Barrier();
                for (var b = 0; b < count && row < rows; b++)
                {
                    var weight = T.Weight(new PanelBlock(words, w.Book, b * 4 * T.Bytes, column));
                    sum = sum.Plus(weight * x.Values[((long)row * x.Inputs) + w.InputBlock(panel, start + b)]);
                }
            }

            if (row < rows && (panel * Columns) + column < w.Outputs)
                y[((long)row * w.Outputs) + (panel * Columns) + column] = sum.Over(1);
        }
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
