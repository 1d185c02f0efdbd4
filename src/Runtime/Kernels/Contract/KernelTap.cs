namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>A kernel set that lets another one compute; derived classes look at what passes.</summary>
/// <param name="inner">Kernels that compute; stay the caller's.</param>
internal abstract class KernelTap(IKernelSet inner) : IKernelSet
{
    public string Name => inner.Name;

    public Numerics Numerics => inner.Numerics;

    public bool KeepsOrder => inner.KeepsOrder;

    public IKernelBuffer Allocate(int count) => inner.Allocate(count);

    public virtual IKernelMatrix Bind(BankedMatrix matrix) => inner.Bind(matrix);

    public IKernelCache AllocateCache(int layers, int keyWidth, int valueWidth, int kvHeads, int capacity) =>
        inner.AllocateCache(layers, keyWidth, valueWidth, kvHeads, capacity);

    public void Embed(IKernelMatrix table, ReadOnlySpan<int> tokens, float scale, IKernelBuffer y) => inner.Embed(table, tokens, scale, y);

    public void MatMul(IKernelMatrix w, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        Inputs(w.Source, x, rows);
        inner.MatMul(w, x, rows, y);
    }

    /// <summary>Sees the input vectors of a product before it is computed.</summary>
    /// <param name="matrix">Matrix.</param>
    /// <param name="x">[rows][inputs].</param>
    /// <param name="rows">Tokens.</param>
    protected abstract void Inputs(BankedMatrix matrix, IKernelBuffer x, int rows);

    public void RmsNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y) =>
        inner.RmsNorm(x, weight, epsilon, rows, width, y);

    public void LayerNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y) =>
        inner.LayerNorm(x, weight, epsilon, rows, width, y);

    public void Rope(IKernelBuffer x, IKernelBuffer cosSin, int rows, int heads, int headSize, int rotary, bool neox) =>
        inner.Rope(x, cosSin, rows, heads, headSize, rotary, neox);

    public void Slice(IKernelBuffer x, int rows, int stride, int from, int width, IKernelBuffer y) =>
        inner.Slice(x, rows, stride, from, width, y);

    public void Place(IKernelBuffer x, int rows, int width, IKernelBuffer y, int from, int stride) =>
        inner.Place(x, rows, width, y, from, stride);

    public void CopyRows(IKernelBuffer x, ReadOnlySpan<int> from, IKernelBuffer y, ReadOnlySpan<int> to, int width) =>
        inner.CopyRows(x, from, y, to, width);

    public void StoreKv(IKernelCache cache, int layer, int position, int rows, IKernelBuffer k, IKernelBuffer v) =>
        inner.StoreKv(cache, layer, position, rows, k, v);

    public void Attention(
        IKernelCache cache,
        in AttentionShape shape,
        int layer,
        int position,
        int rows,
        IKernelBuffer q,
        IKernelBuffer y
    ) => inner.Attention(cache, shape, layer, position, rows, q, y);

    public void FullAttention(
        in AttentionShape shape,
        ReadOnlySpan<int> visible,
        IKernelBuffer q,
        IKernelBuffer k,
        IKernelBuffer v,
        IKernelBuffer y
    ) => inner.FullAttention(shape, visible, q, k, v, y);

    public void Gate(GateActivation activation, IKernelBuffer gate, IKernelBuffer up, int count) => inner.Gate(activation, gate, up, count);

    public void Add(IKernelBuffer x, IKernelBuffer y, int count) => inner.Add(x, y, count);

    public void Multiply(IKernelBuffer x, IKernelBuffer y, int count) => inner.Multiply(x, y, count);

    public void AddBias(IKernelBuffer x, IKernelBuffer bias, int rows, int width) => inner.AddBias(x, bias, rows, width);

    public void Weigh(IKernelBuffer x, IKernelBuffer weights, int rows, int width) => inner.Weigh(x, weights, rows, width);

    public void ScaleRows(IKernelBuffer x, ReadOnlySpan<float> factors, int width) => inner.ScaleRows(x, factors, width);

    public void SoftCap(IKernelBuffer x, float cap, int count) => inner.SoftCap(x, cap, count);

    public void Dispose()
    {
        // The inner set is the caller's.
    }
}
