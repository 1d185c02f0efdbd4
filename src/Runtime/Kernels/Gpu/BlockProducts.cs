using ILGPU;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Products of quantised weights with quantised activations. y is at [token][output].</summary>
internal static class BlockProducts
{
    /// <summary>Outputs of a panel.</summary>
    private const int Columns = PanelLayout.Columns;

    /// <summary>
    /// One token: a group per panel and token. Threads share out the blocks of all sixteen columns, so that a panel is read at once, and
    /// put their terms into shared memory; one thread per column and chain adds them up.
    /// </summary>
    /// <param name="w">Matrix.</param>
    /// <param name="x">Activations.</param>
    /// <param name="y">Results.</param>
    /// <param name="chunk">Blocks whose terms are in shared memory at a time.</param>
    /// <param name="finish">Factor of every result.</param>
    public static void Split<TOrder>(DeviceMatrix w, DeviceVectors x, ArrayView<float> y, int chunk, float finish)
        where TOrder : unmanaged, ISumOrder
    {
        var shared = SharedMemory.GetDynamic<float>();
        int thread = Group.IdxX,
            threads = Group.DimX,
            panel = Grid.IdxX % w.Panels,
            row = Grid.IdxX / w.Panels;
        var sums = Columns * TOrder.Chains;
        var first = panel * w.PanelWords;
        for (var i = thread; i < sums; i += threads)
            shared[i] = 0;
        for (var start = 0; start < w.Blocks; start += chunk)
        {
            var count = IntrinsicMath.Min(chunk, w.Blocks - start);
            for (var i = thread; i < Columns * count; i += threads)
            {
                int column = i % Columns,
                    slot = i / Columns,
                    b = start + slot;
                var block = new PanelBlock(w.Codes, w.Book, first + ((long)b * 4 * TOrder.Bytes), column);
                var input = ((long)row * x.Inputs) + (w.InputBlock(panel, b) * TOrder.Weights);
                TOrder.Write(block, x, input, shared, sums + (slot * TOrder.Terms * Columns) + column, Columns);
            }

            Group.Barrier();
            for (var i = thread; i < sums; i += threads)
            {
                shared[i] = Added(shared, shared[i], sums + i, sums + (count * TOrder.Terms * Columns), TOrder.Chains * Columns);
            }

            Group.Barrier();
        }

        for (var column = thread; column < Columns; column += threads)
            if ((panel * Columns) + column < w.Outputs)
                y[((long)row * w.Outputs) + (panel * Columns) + column] = finish * Total<TOrder>(shared, column, Columns);
    }

    /// <summary>
    /// Many tokens: a group per panel and <paramref name="tile"/> tokens. Block rows of the panel are copied into shared memory, where each
    /// is used by every token of the tile; one thread per column and token.
    /// </summary>
    /// <param name="w">Matrix.</param>
    /// <param name="x">Activations.</param>
    /// <param name="y">Results.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="tile">Tokens of a group; the threads of a group divide 16 · tile.</param>
    /// <param name="stage">Block rows in shared memory at a time.</param>
    /// <param name="finish">Factor of every result.</param>
    public static void Tile<TOrder>(DeviceMatrix w, DeviceVectors x, ArrayView<float> y, int rows, int tile, int stage, float finish)
        where TOrder : unmanaged, ISumOrder
    {
        // One array as floats and as words: the sums, a block's terms, then the staged codes.
        var shared = SharedMemory.GetDynamic<float>();
        var words = SharedMemory.GetDynamic<uint>();
        int thread = Group.IdxX,
            threads = Group.DimX,
            panel = Grid.IdxX % w.Panels,
            firstRow = Grid.IdxX / w.Panels * tile,
            items = Columns * tile,
            terms = items * TOrder.Chains,
            staged = terms + (items * TOrder.Terms);
        var first = panel * w.PanelWords;
        for (var item = thread; item < items; item += threads)
        {
            int column = item % Columns,
                row = firstRow + (item / Columns);
            for (var chain = 0; chain < TOrder.Chains; chain++)
                shared[(chain * items) + item] = 0;
            for (var start = 0; start < w.Blocks; start += stage)
            {
                var count = IntrinsicMath.Min(stage, w.Blocks - start);
                var from = first + ((long)start * 4 * TOrder.Bytes);
                Group.Barrier();
                for (var i = thread; i < count * 4 * TOrder.Bytes; i += threads)
                    words[staged + i] = w.Codes[from + i];
                Group.Barrier();
                for (var b = 0; b < count && row < rows; b++)
                {
                    var block = new PanelBlock(words, w.Book, staged + (b * 4 * TOrder.Bytes), column);
                    var input = ((long)row * x.Inputs) + (w.InputBlock(panel, start + b) * TOrder.Weights);
                    TOrder.Write(block, x, input, shared, terms + item, items);
                    for (var t = 0; t < TOrder.Terms; t++)
                        shared[((TOrder.Chains == 1 ? 0 : t) * items) + item] += shared[terms + (t * items) + item];
                }
            }

            if (row < rows && (panel * Columns) + column < w.Outputs)
                y[((long)row * w.Outputs) + (panel * Columns) + column] = finish * Total<TOrder>(shared, item, items);
        }
    }

    /// <summary>sum and the elements at from, from + stride … before the end, one after the other; eight are read ahead.</summary>
    private static float Added(ArrayView<float> terms, float sum, int from, int end, int stride)
    {
        var at = from;
        for (; at + (7 * stride) < end; at += 8 * stride)
        {
            float t0 = terms[at],
                t1 = terms[at + stride],
                t2 = terms[at + (2 * stride)],
                t3 = terms[at + (3 * stride)],
                t4 = terms[at + (4 * stride)],
                t5 = terms[at + (5 * stride)],
                t6 = terms[at + (6 * stride)],
                t7 = terms[at + (7 * stride)];
            sum = sum + t0 + t1 + t2 + t3 + t4 + t5 + t6 + t7;
        }

        for (; at < end; at += stride)
            sum += terms[at];
        return sum;
    }

    /// <summary>The chains of one output added up: the ninth or 0, then the first eight; or the only one.</summary>
    private static float Total<TOrder>(ArrayView<float> sums, int at, int stride)
        where TOrder : unmanaged, ISumOrder
    {
        if (TOrder.Chains == 1)
            return sums[at];
        var total = TOrder.Chains == 9 ? sums[at + (8 * stride)] : 0;
        for (var chain = 0; chain < 8; chain++)
            total += sums[at + (chain * stride)];
        return total;
    }
}
