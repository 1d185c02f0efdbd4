using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.FabricNumerics;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Select;

/// <summary>
/// The kernels on this machine's vector units. With <see cref="Numerics.Reference"/> every result has the bits of llama.cpp's scalar path;
/// the number of threads and the instruction set change nothing but the speed. Not for use from two threads at once; operations allocate
/// nothing once buffers have grown.
/// </summary>
public sealed unsafe class SimdKernels : IKernelSet
{
    /// <summary>Below this many elements a second thread costs more than it saves.</summary>
    private const int ParallelElements = 1024;

    private readonly SimdLevel level;
    private readonly HardwareNumerics? hardware;
    private readonly WorkerPool pool;
    private readonly Activations activations = new();
    private readonly QuantizeWork quantize;
    private readonly ProductWork product;
    private readonly AttentionWork attention;
    private readonly HalfAttentionWork halfAttention;
    private readonly NormWork norm = new();
    private readonly GateWork gate = new();
    private readonly ColumnDecoder columns = new();
    private float[] stored = [];
    private SimdCache? fullCache;

    /// <summary>Kernels for the best instruction set of this machine.</summary>
    /// <param name="numerics">Arithmetic.</param>
    /// <param name="hardware">Widths of the fabric; required with <see cref="Numerics.Hardware"/>, otherwise unused.</param>
    /// <param name="threads">Threads, the caller's included; at least 1.</param>
    public SimdKernels(Numerics numerics, HardwareNumerics? hardware, int threads)
        : this(numerics, hardware, threads, SimdLevels.Best) { }

    internal SimdKernels(Numerics numerics, HardwareNumerics? hardware, int threads, SimdLevel level)
    {
        if (numerics == Numerics.Hardware)
        {
            ArgumentNullException.ThrowIfNull(hardware);
            hardware.Validate();
            this.hardware = hardware;
        }

        this.level = level;
        Numerics = numerics;
        pool = new WorkerPool(threads);
        quantize = new QuantizeWork(level) { Hardware = this.hardware };
        product = new ProductWork(threads);
        attention = new AttentionWork(threads);
        halfAttention = new HalfAttentionWork(threads);
        Name = $"simd ({SimdLevels.NameOf(level)}, {threads} thread{(threads == 1 ? "" : "s")})";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Numerics Numerics { get; }

    /// <inheritdoc/>
    public bool KeepsOrder => true;

    /// <summary>Whether attention rounds queries and probabilities to binary16.</summary>
    private bool RoundsToHalf => Numerics == Numerics.Reference || hardware!.VectorPrecision == VectorPrecision.Fp16;

    /// <inheritdoc/>
    public IKernelBuffer Allocate(int count) => new SimdBuffer(count);

    /// <inheritdoc/>
    public IKernelMatrix Bind(BankedMatrix matrix)
    {
        if (Numerics == Numerics.Reference)
            return new SimdMatrix(matrix, PanelKernels.For(matrix.Format, level), matrix.Format.Activations);
        return new SimdMatrix(matrix, FabricKernels.For(matrix.Format, hardware!, level), ActivationKind.Vector);
    }

    /// <inheritdoc/>
    public IKernelCache AllocateCache(int layers, int keyWidth, int valueWidth, int kvHeads, int capacity) =>
        RoundsToHalf && (hardware?.KvBits ?? 16) == 16
            ? new HalfCache(layers, keyWidth, valueWidth, capacity)
            : new SimdCache(layers, keyWidth, valueWidth, kvHeads, capacity);

    /// <inheritdoc/>
    public void Embed(IKernelMatrix table, ReadOnlySpan<int> tokens, float scale, IKernelBuffer y)
    {
        var matrix = (SimdMatrix)table;
        var width = matrix.Source.Inputs;
        var values = Floats(y, tokens.Length * width);
        for (var t = 0; t < tokens.Length; t++)
            columns.Decode(matrix.Source, tokens[t], new Span<float>(values + ((nint)t * width), width));
        if (scale != 1)
            for (var i = 0; i < tokens.Length * width; i++)
                values[i] *= scale;
        Round(values, tokens.Length * width);
    }

    /// <inheritdoc/>
    public void MatMul(IKernelMatrix w, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        var matrix = (SimdMatrix)w;
        activations.Shape(matrix.Activations, matrix.Source.Inputs, rows, matrix.Kernel.CodeExcess);
        quantize.To = activations;
        quantize.X = Floats(x, rows * matrix.Source.Inputs);
        Run(quantize, rows > 1);
        product.Matrix = matrix;
        product.X = activations;
        product.Y = Floats(y, rows * matrix.Source.Outputs);
        Run(product, matrix.Source.PanelCount > 1);
        Round(product.Y, rows * matrix.Source.Outputs);
    }

    /// <inheritdoc/>
    public void RmsNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y)
    {
        norm.X = Floats(x, rows * width);
        norm.Weight = Floats(weight, width);
        norm.Y = Floats(y, rows * width);
        norm.Epsilon = epsilon;
        norm.Rows = rows;
        norm.Width = width;
        Run(norm, rows > 1 && rows * width >= ParallelElements);
        Round(norm.Y, rows * width);
    }

    /// <inheritdoc/>
    public void LayerNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y)
    {
        HostNorm.Layer(x, weight, epsilon, rows, width, y);
        Round(Floats(y, rows * width), rows * width);
    }

    /// <inheritdoc/>
    public void Rope(IKernelBuffer x, IKernelBuffer cosSin, int rows, int heads, int headSize, int rotary, bool neox)
    {
        var values = Floats(x, rows * heads * headSize);
        var angles = Floats(cosSin, rows * rotary);
        for (var row = 0; row < rows; row++)
        for (var head = 0; head < heads; head++)
            ElementWork.Rotate(values + ((((nint)row * heads) + head) * headSize), angles + ((nint)row * rotary), rotary, neox);
        Round(values, rows * heads * headSize);
    }

    /// <inheritdoc/>
    public void Slice(IKernelBuffer x, int rows, int stride, int from, int width, IKernelBuffer y)
    {
        float* source = Floats(x, ((rows - 1) * stride) + from + width),
            target = Floats(y, rows * width);
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + ((nint)row * stride) + from, width).CopyTo(
                new Span<float>(target + ((nint)row * width), width)
            );
    }

    /// <inheritdoc/>
    public void Place(IKernelBuffer x, int rows, int width, IKernelBuffer y, int from, int stride)
    {
        float* source = Floats(x, rows * width),
            target = Floats(y, ((rows - 1) * stride) + from + width);
        for (var row = 0; row < rows; row++)
            new ReadOnlySpan<float>(source + ((nint)row * width), width).CopyTo(
                new Span<float>(target + ((nint)row * stride) + from, width)
            );
    }

    /// <inheritdoc/>
    public void CopyRows(IKernelBuffer x, ReadOnlySpan<int> from, IKernelBuffer y, ReadOnlySpan<int> to, int width)
    {
        Span<float> source = ((SimdBuffer)x).AsSpan(),
            target = ((SimdBuffer)y).AsSpan();
        for (var i = 0; i < from.Length; i++)
            source.Slice(from[i] * width, width).CopyTo(target[(to[i] * width)..]);
    }

    /// <inheritdoc/>
    public void StoreKv(IKernelCache cache, int layer, int position, int rows, IKernelBuffer k, IKernelBuffer v)
    {
        if (position < 0 || position + rows > cache.Capacity)
            throw new ArgumentOutOfRangeException(
                nameof(position),
                position,
                $"{rows} positions from {position} do not fit a cache of {cache.Capacity}"
            );
        if (cache is HalfCache halves)
        {
            halves.Store(layer, position, rows, Floats(k, rows * halves.KeyWidth), Floats(v, rows * halves.ValueWidth));
            return;
        }

        var store = (SimdCache)cache;
        float* keys = Floats(k, rows * store.KeyWidth),
            values = Floats(v, rows * store.ValueWidth);
        if (stored.Length < store.KeyWidth + store.ValueWidth)
            stored = new float[store.KeyWidth + store.ValueWidth];
        var bits = hardware?.KvBits ?? 16;
        fixed (float* key = stored)
        {
            var value = key + store.KeyWidth;
            for (var row = 0; row < rows; row++, keys += store.KeyWidth, values += store.ValueWidth)
            {
                VectorQuantizer.RoundStored(keys, key, store.KeyWidth, store.KvHeads, bits);
                VectorQuantizer.RoundStored(values, value, store.ValueWidth, store.KvHeads, bits);
                store.Store(layer, position + row, key, value);
            }
        }
    }

    /// <inheritdoc/>
    public void Attention(IKernelCache cache, in AttentionShape shape, int layer, int position, int rows, IKernelBuffer q, IKernelBuffer y)
    {
        if (cache is HalfCache halves)
        {
            halfAttention.Cache = halves;
            halfAttention.Shape = shape;
            halfAttention.Layer = layer;
            halfAttention.Position = position;
            halfAttention.Rows = rows;
            halfAttention.Q = Floats(q, rows * shape.Heads * shape.HeadSize);
            halfAttention.Y = Floats(y, rows * shape.Heads * shape.ValueHeadSize);
            halfAttention.Reserve(position + rows);
            Run(halfAttention, (position + rows) * rows * shape.Heads * shape.HeadSize >= 16 * ParallelElements);
            Round(halfAttention.Y, rows * shape.Heads * shape.ValueHeadSize);
            return;
        }

        attention.See([]);
        attention.RoundToHalf = RoundsToHalf;
        Attend((SimdCache)cache, shape, layer, position, rows, q, y);
    }

    /// <inheritdoc/>
    public void FullAttention(
        in AttentionShape shape,
        ReadOnlySpan<int> visible,
        IKernelBuffer q,
        IKernelBuffer k,
        IKernelBuffer v,
        IKernelBuffer y
    )
    {
        int keyWidth = shape.KvHeads * shape.HeadSize,
            valueWidth = shape.KvHeads * shape.ValueHeadSize,
            positions = visible.IsEmpty ? 0 : Largest(visible);
        if (fullCache is null || fullCache.KeyWidth != keyWidth || fullCache.ValueWidth != valueWidth || fullCache.Capacity < positions)
        {
            fullCache?.Dispose();
            fullCache = new SimdCache(1, keyWidth, valueWidth, shape.KvHeads, positions);
        }

        float* keys = Floats(k, positions * keyWidth),
            values = Floats(v, positions * valueWidth);
        for (var at = 0; at < positions; at++)
            fullCache.Store(0, at, keys + ((nint)at * keyWidth), values + ((nint)at * valueWidth));
        attention.See(visible);
        attention.RoundToHalf = hardware is { VectorPrecision: VectorPrecision.Fp16 };
        Attend(fullCache, shape, 0, Math.Max(0, positions - visible.Length), visible.Length, q, y);
    }

    /// <inheritdoc/>
    public void Gate(GateActivation activation, IKernelBuffer gate, IKernelBuffer up, int count)
    {
        this.gate.Activation = activation;
        this.gate.Gate = Floats(gate, count);
        this.gate.Up = Floats(up, count);
        this.gate.Count = count;
        Run(this.gate, count >= ParallelElements);
        Round(this.gate.Gate, count);
    }

    /// <inheritdoc/>
    public void Add(IKernelBuffer x, IKernelBuffer y, int count)
    {
        var to = Floats(x, count);
        ElementWork.Add(to, Floats(y, count), count);
        Round(to, count);
    }

    /// <inheritdoc/>
    public void Multiply(IKernelBuffer x, IKernelBuffer y, int count)
    {
        float* to = Floats(x, count),
            factors = Floats(y, count);
        for (var i = 0; i < count; i++)
            to[i] *= factors[i];
        Round(to, count);
    }

    /// <inheritdoc/>
    public void AddBias(IKernelBuffer x, IKernelBuffer bias, int rows, int width)
    {
        float* to = Floats(x, rows * width),
            values = Floats(bias, width);
        for (var row = 0; row < rows; row++)
            ElementWork.Add(to + ((nint)row * width), values, width);
        Round(to, rows * width);
    }

    /// <inheritdoc/>
    public void Weigh(IKernelBuffer x, IKernelBuffer weights, int rows, int width)
    {
        float* to = Floats(x, rows * width),
            factors = Floats(weights, width);
        for (var row = 0; row < rows; row++, to += width)
        for (var i = 0; i < width; i++)
            to[i] *= factors[i];
        Round(Floats(x, rows * width), rows * width);
    }

    /// <inheritdoc/>
    public void ScaleRows(IKernelBuffer x, ReadOnlySpan<float> factors, int width)
    {
        var to = Floats(x, factors.Length * width);
        for (var row = 0; row < factors.Length; row++)
        for (var i = 0; i < width; i++)
            to[((nint)row * width) + i] *= factors[row];
        Round(to, factors.Length * width);
    }

    /// <inheritdoc/>
    public void SoftCap(IKernelBuffer x, float cap, int count)
    {
        var to = Floats(x, count);
        var inverse = 1 / cap;
        for (var i = 0; i < count; i++)
            to[i] = HyperbolicTangent.Tanh(to[i] * inverse) * cap;
        Round(to, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pool.Dispose();
        activations.Dispose();
        product.Dispose();
        attention.Dispose();
        halfAttention.Dispose();
        fullCache?.Dispose();
    }

    private static int Largest(ReadOnlySpan<int> values)
    {
        var most = 0;
        foreach (var value in values)
            most = Math.Max(most, value);
        return most;
    }

    private static float* Floats(IKernelBuffer buffer, int count)
    {
        var simd = (SimdBuffer)buffer;
        if (simd.Count < count)
            throw new ArgumentException($"the operation needs {count} floats; the buffer has {simd.Count}", nameof(buffer));
        return simd.Data;
    }

    private void Attend(SimdCache cache, in AttentionShape shape, int layer, int position, int rows, IKernelBuffer q, IKernelBuffer y)
    {
        attention.Cache = cache;
        attention.Shape = shape;
        attention.Layer = layer;
        attention.Position = position;
        attention.Rows = rows;
        attention.Q = Floats(q, rows * shape.Heads * shape.HeadSize);
        attention.Y = Floats(y, rows * shape.Heads * shape.ValueHeadSize);
        attention.Reserve(position + rows);
        Run(attention, (position + rows) * rows * shape.Heads * shape.HeadSize >= 16 * ParallelElements);
        Round(attention.Y, rows * shape.Heads * shape.ValueHeadSize);
    }

    private void Run(IParallelWork work, bool parallel)
    {
        if (parallel)
            pool.Run(work);
        else
            work.Run(0, 0, 1);
    }

    /// <summary>Rounds results to the fabric's vector precision.</summary>
    private void Round(float* x, int count)
    {
        if (hardware is { VectorPrecision: VectorPrecision.Fp16 })
            HalfVectors.Round(x, x, count);
    }
}
