using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Bench.Kernels;

/// <summary>A Llama-shaped model of random codes: every matrix has memory of its own, as in a real one.</summary>
internal sealed class SyntheticModel : IDisposable
{
    private readonly List<RandomMatrix> memory = [];
    private readonly Random random = new(1);
    private readonly IKernelSet kernels;
    private readonly List<(IKernelMatrix W, int Use)> matrices = [];
    private readonly int layers,
        width,
        ffn,
        heads,
        headSize;
    private readonly IKernelBuffer x,
        h,
        q,
        k,
        v,
        gate,
        up,
        logits,
        weight,
        angles,
        last;
    private readonly IKernelCache cache;
    private readonly float[] one = new float[1];
    private readonly AttentionShape shape;

    public SyntheticModel(
        IKernelSet kernels,
        CodeFormat format,
        int layers,
        int width,
        int ffn,
        int heads,
        int headSize,
        int vocabulary,
        int batch
    )
    {
        (this.kernels, this.layers, this.width, this.ffn, this.heads, this.headSize) = (kernels, layers, width, ffn, heads, headSize);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var i = 0; i < 4; i++)
                Add(format, width, width);
            Add(format, width, ffn);
            Add(format, width, ffn);
            Add(format, ffn, width);
        }

        Add(format, width, vocabulary);
        IKernelBuffer Floats(int count)
        {
            var buffer = kernels.Allocate(count);
            buffer.Write([.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)]);
            return buffer;
        }

        (x, h, q, k, v) = (
            Floats(batch * width),
            Floats(batch * width),
            Floats(batch * width),
            Floats(batch * width),
            Floats(batch * width)
        );
        (gate, up, logits, weight) = (Floats(batch * ffn), Floats(batch * ffn), Floats(vocabulary), Floats(width));
        (angles, last) = (Floats(batch * headSize), Floats(width));
        cache = kernels.AllocateCache(layers, width, width, heads, 512);
        shape = new AttentionShape
        {
            Heads = heads,
            KvHeads = heads,
            HeadSize = headSize,
            ValueHeadSize = headSize,
            Scale = 0.125f,
        };
    }

    /// <summary>Bytes of codes read per token.</summary>
    public long WeightBytes { get; private set; }

    /// <summary>One pass of <paramref name="rows"/> tokens at a position.</summary>
    public void Forward(int rows, int position)
    {
        for (int layer = 0, m = 0; layer < layers; layer++, m += 7)
        {
            kernels.RmsNorm(x, weight, 1e-5f, rows, width, h);
            kernels.MatMul(matrices[m].W, h, rows, q);
            kernels.MatMul(matrices[m + 1].W, h, rows, k);
            kernels.MatMul(matrices[m + 2].W, h, rows, v);
            kernels.Rope(q, angles, rows, heads, headSize, headSize, neox: false);
            kernels.Rope(k, angles, rows, heads, headSize, headSize, neox: false);
            kernels.StoreKv(cache, layer, position, rows, k, v);
            kernels.Attention(cache, shape, layer, position, rows, q, h);
            kernels.MatMul(matrices[m + 3].W, h, rows, q);
            kernels.Add(x, q, rows * width);
            kernels.RmsNorm(x, weight, 1e-5f, rows, width, h);
            kernels.MatMul(matrices[m + 4].W, h, rows, gate);
            kernels.MatMul(matrices[m + 5].W, h, rows, up);
            kernels.Gate(GateActivation.Silu, gate, up, rows * ffn);
            kernels.MatMul(matrices[m + 6].W, gate, rows, h);
            kernels.Add(x, h, rows * width);
        }

        kernels.RmsNorm(x, weight, 1e-5f, rows, width, h);
        kernels.Slice(h, 1, width, (rows - 1) * width, width, last);
        kernels.MatMul(matrices[^1].W, last, 1, logits);
        kernels.RmsNorm(q, weight, 1e-5f, rows, width, x); // keeps the random stream bounded
    }

    /// <summary>Waits until a device has done what it was given, by reading one logit.</summary>
    public void Finish() => logits.Read(0, one);

    /// <summary>The products of one token alone.</summary>
    public void Products(int rows)
    {
        foreach (var (w, use) in matrices)
            kernels.MatMul(
                w,
                use == ffn ? gate : x,
                rows,
                w.Source.Outputs == width ? h
                    : w.Source.Outputs == ffn ? up
                    : logits
            );
    }

    /// <summary>Products of one token with a matrix that stays in the nearest caches; returns the bytes of codes.</summary>
    public long CachedProducts(int times)
    {
        for (var i = 0; i < times; i++)
            kernels.MatMul(matrices[0].W, x, 1, h);
        return times * WeightBytesOf(matrices[0].W);
    }

    public void Dispose()
    {
        foreach (var (matrix, _) in matrices)
            matrix.Dispose();
        foreach (var matrix in memory)
            matrix.Dispose();
        foreach (var buffer in (IKernelBuffer[])[x, h, q, k, v, gate, up, logits, weight, angles, last])
            buffer.Dispose();
        cache.Dispose();
    }

    private void Add(CodeFormat format, int inputs, int outputs)
    {
        var matrix = new RandomMatrix(format, inputs, outputs, random);
        var bound = kernels.Bind(matrix.Banked);
        if (kernels is SimdKernels)
            memory.Add(matrix);
        else
            matrix.Dispose();
        matrices.Add((bound, inputs));
        WeightBytes += matrix.Bytes;
    }

    private static long WeightBytesOf(IKernelMatrix w) => PanelLayout.BankBytes(w.Source.Format, w.Source.Inputs, w.Source.Outputs);
}
