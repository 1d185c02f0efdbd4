namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>
/// The numeric kernels of the functional simulation on one backend. Values live in buffers of the backend, so that a GPU keeps them
/// resident between operations; a row is one token (slot). Every operation is in order with the ones before it on the same set.
/// </summary>
/// <remarks>
/// With <see cref="Numerics.Reference"/> each operation follows llama.cpp's scalar path; a backend that cannot keep the order of a sum says
/// so in
/// <see cref="KeepsOrder"/> and is held to a tolerance instead of bit equality.
/// </remarks>
public interface IKernelSet : IDisposable
{
    /// <summary>Name for people and <c>--json</c>, e.g. <c>simd (AVX-512 VNNI, 2 threads)</c>.</summary>
    string Name { get; }

    /// <summary>Arithmetic that the set was made for.</summary>
    Numerics Numerics { get; }

    /// <summary>Whether results equal the scalar reference bit for bit.</summary>
    bool KeepsOrder { get; }

    /// <summary>Memory for <paramref name="count"/> floats, zeroed.</summary>
    IKernelBuffer Allocate(int count);

    /// <summary>Makes a matrix known to the backend: a view on a CPU, a resident copy of the codes on a GPU (never dequantised).</summary>
    IKernelMatrix Bind(BankedMatrix matrix);

    /// <summary>Keys and values of one context: [layer][position][kv head × head size].</summary>
    /// <param name="layers">Layers.</param>
    /// <param name="keyWidth">KV heads × head size of keys.</param>
    /// <param name="valueWidth">KV heads × head size of values.</param>
    /// <param name="kvHeads">KV heads; with integer KV bits each has a scale of its own.</param>
    /// <param name="capacity">Positions.</param>
    IKernelCache AllocateCache(int layers, int keyWidth, int valueWidth, int kvHeads, int capacity);

    /// <summary>y[t] = row tokens[t] of the embedding matrix, dequantised, times <paramref name="scale"/> (1 leaves it as it is).</summary>
    void Embed(IKernelMatrix table, ReadOnlySpan<int> tokens, float scale, IKernelBuffer y);

    /// <summary>y[t][o] = Σ_i W[o][i] · x[t][i] for t &lt; rows; activations are quantised as the format and the numerics demand.</summary>
    void MatMul(IKernelMatrix w, IKernelBuffer x, int rows, IKernelBuffer y);

    /// <summary>
    /// y = x / sqrt(mean(x²) + eps) · weight over each of <paramref name="rows"/> rows of <paramref name="width"/> elements. Reference:
    /// squares summed in double in order.
    /// </summary>
    void RmsNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y);

    /// <summary>
    /// y = (x − mean(x)) / sqrt(variance(x) + eps) · weight over each of <paramref name="rows"/> rows of <paramref name="width"/> elements.
    /// Reference: sums in double in order.
    /// </summary>
    void LayerNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y);

    /// <summary>Rotates every head of x in place; one angle table row per token, computed by the caller.</summary>
    /// <param name="x">[rows][heads × headSize].</param>
    /// <param name="cosSin">[rows][rotary / 2][2]: cosine then sine of each pair, magnitude included.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headSize">Elements per head; those from <paramref name="rotary"/> on are left alone.</param>
    /// <param name="rotary">Rotated elements per head.</param>
    /// <param name="neox">Pairs (j, j + rotary/2) instead of (2j, 2j + 1).</param>
    void Rope(IKernelBuffer x, IKernelBuffer cosSin, int rows, int heads, int headSize, int rotary, bool neox);

    /// <summary>x = x · y, element by element.</summary>
    void Multiply(IKernelBuffer x, IKernelBuffer y, int count);

    /// <summary>Copies columns [from, from + width) of each row of x into y.</summary>
    void Slice(IKernelBuffer x, int rows, int stride, int from, int width, IKernelBuffer y);

    /// <summary>Copies each row of x, of <paramref name="width"/> elements, into columns [from, from + width) of a row of y: what
    /// <see cref="Slice"/> takes out. x and y are different buffers.</summary>
    void Place(IKernelBuffer x, int rows, int width, IKernelBuffer y, int from, int stride);

    /// <summary>Row to[i] of y = row from[i] of x, for every i in order; rows of <paramref name="width"/> elements. x and y are different
    /// buffers.</summary>
    void CopyRows(IKernelBuffer x, ReadOnlySpan<int> from, IKernelBuffer y, ReadOnlySpan<int> to, int width);

    /// <summary>Stores k and v of <paramref name="rows"/> tokens at <paramref name="position"/>… of a layer (F16 in reference, fabric KV
    /// bits in hardware).</summary>
    void StoreKv(IKernelCache cache, int layer, int position, int rows, IKernelBuffer k, IKernelBuffer v);

    /// <summary>Attention of <paramref name="rows"/> tokens at <paramref name="position"/>… against a layer's cache.</summary>
    void Attention(IKernelCache cache, in AttentionShape shape, int layer, int position, int rows, IKernelBuffer q, IKernelBuffer y);

    /// <summary>Attention of diffusion models: keys and values are given as they are, and nothing is rounded to F16.</summary>
    /// <param name="shape">Heads and scale; a window is not applied.</param>
    /// <param name="visible">For each row of <paramref name="q"/>, how many positions of <paramref name="k"/> and
    /// <paramref name="v"/> it sees, from the first.</param>
    /// <param name="q">[rows][heads × head size].</param>
    /// <param name="k">[positions][KV heads × head size].</param>
    /// <param name="v">[positions][KV heads × value head size].</param>
    /// <param name="y">[rows][heads × value head size].</param>
    void FullAttention(
        in AttentionShape shape,
        ReadOnlySpan<int> visible,
        IKernelBuffer q,
        IKernelBuffer k,
        IKernelBuffer v,
        IKernelBuffer y
    );

    /// <summary>gate = activation(gate) · up, element by element.</summary>
    void Gate(GateActivation activation, IKernelBuffer gate, IKernelBuffer up, int count);

    /// <summary>x += y over <paramref name="count"/> elements.</summary>
    void Add(IKernelBuffer x, IKernelBuffer y, int count);

    /// <summary>x[t] += bias for each of <paramref name="rows"/> rows of <paramref name="width"/>.</summary>
    void AddBias(IKernelBuffer x, IKernelBuffer bias, int rows, int width);

    /// <summary>x[t] *= weights, element by element, for each of <paramref name="rows"/> rows of <paramref name="width"/>.</summary>
    void Weigh(IKernelBuffer x, IKernelBuffer weights, int rows, int width);

    /// <summary>x *= factor[row] (one factor per row).</summary>
    void ScaleRows(IKernelBuffer x, ReadOnlySpan<float> factors, int width);

    /// <summary>x = cap · tanh(x / cap), rounded as llama.cpp does it: tanhf(x · (1/cap)) · cap.</summary>
    void SoftCap(IKernelBuffer x, float cap, int count);
}
