using ILGPU;
using ILGPU.Runtime;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// The kernels on an ILGPU device. Codes, activations, keys and values stay in device memory; every sum runs in the order of the reference.
/// On CUDA and on the CPU accelerator all results have the bits of <see cref="Select.SimdKernels"/>. An OpenCL compiler may fuse a product
/// and a sum and has its own exponentials, see <see cref="KeepsOrder"/>.
/// </summary>
/// <remarks>
/// Tolerances of a device that is not exact, as parts of the largest result of the reference: products and attention 2·10⁻³ (one activation
/// code or binary16 may round the other way), norms and rotations 10⁻⁶, exponentials and hyperbolic tangents 4·10⁻⁶, attention without
/// rounding 10⁻⁵; 10⁻³ with binary16 vector lanes. Not for use from two threads at once.
/// </remarks>
public sealed class IlgpuKernels : IKernelSet
{
    private readonly IlgpuDevice device;
    private readonly bool ownsDevice;
    private readonly HardwareNumerics? hardware;
    private readonly IlgpuActivations activations;
    private readonly GrowingBuffer<float> scores;
    private readonly MemoryBuffer1D<long, Stride1D.Dense> powers;
    private readonly ColumnDecoder columns = new();
    private IlgpuBuffer? gelu;
    private float[] decoded = [];

    /// <summary>Kernels for a device.</summary>
    /// <param name="device">Device.</param>
    /// <param name="ownsDevice">Whether the device is closed with the set.</param>
    /// <param name="numerics">Arithmetic.</param>
    /// <param name="hardware">Widths of the fabric; required with <see cref="Numerics.Hardware"/>, otherwise unused.</param>
    public IlgpuKernels(IlgpuDevice device, bool ownsDevice, Numerics numerics, HardwareNumerics? hardware)
    {
        if (numerics == Numerics.Hardware)
        {
            ArgumentNullException.ThrowIfNull(hardware);
            hardware.Validate();
            this.hardware = hardware;
        }

        this.device = device;
        this.ownsDevice = ownsDevice;
        Numerics = numerics;
        activations = new IlgpuActivations(device, this.hardware);
        scores = new GrowingBuffer<float>(device);
        powers = device.Accelerator.Allocate1D(Exponential.Powers.ToArray());
        Name = $"ilgpu ({device.Name}{(device.HasDoubles ? "" : ", no double")})";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Numerics Numerics { get; }

    /// <inheritdoc/>
    public bool KeepsOrder => device.IsExact && device.HasDoubles;

    /// <inheritdoc/>
    public IKernelBuffer Allocate(int count) => new IlgpuBuffer(device, count);

    /// <inheritdoc/>
    public IKernelMatrix Bind(BankedMatrix matrix) =>
        Numerics == Numerics.Reference
            ? new IlgpuMatrix(device, matrix, matrix.Format.Activations, ProductKernels.Reference(device, matrix.Format))
            : new IlgpuMatrix(device, matrix, ActivationKind.Vector, ProductKernels.Hardware(device, matrix.Format, hardware!));

    /// <inheritdoc/>
    public IKernelCache AllocateCache(int layers, int keyWidth, int valueWidth, int kvHeads, int capacity) =>
        new IlgpuCache(device, layers, keyWidth, valueWidth, kvHeads, capacity, half: hardware is null or { KvBits: 16 });

    /// <inheritdoc/>
    /// <remarks>The rows are decoded on the host, from the mask: a row per token is less to move than its codes.</remarks>
    public void Embed(IKernelMatrix table, ReadOnlySpan<int> tokens, float scale, IKernelBuffer y)
    {
        var source = table.Source;
        var count = tokens.Length * source.Inputs;
        if (decoded.Length < count)
            decoded = new float[count];
        for (var t = 0; t < tokens.Length; t++)
            columns.Decode(source, tokens[t], decoded.AsSpan(t * source.Inputs, source.Inputs));
        if (scale != 1)
            for (var i = 0; i < count; i++)
                decoded[i] *= scale;
        y.Write(decoded.AsSpan(0, count));
        Round(View(y, count), count);
    }

    /// <inheritdoc/>
    public void MatMul(IKernelMatrix w, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        var matrix = (IlgpuMatrix)w;
        int inputs = matrix.Source.Inputs,
            count = checked(rows * matrix.Source.Outputs);
        var vectors = activations.Quantize(matrix.Activations, View(x, rows * inputs), inputs, rows);
        var to = View(y, count);
        matrix.Product(count, matrix.View, vectors, to);
        Round(to, count);
    }

    /// <inheritdoc/>
    public void RmsNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y)
    {
        var group = device.GroupSize(width);
        var config = new KernelConfig(rows, group, SharedMemoryConfig.RequestDynamic<float>(group));
        var kernel = device.HasDoubles
            ? device.Kernel("norm", static a =>
                a.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int, float>(ElementKernels.RmsNorm<DoubleSum>)
            )
            : device.Kernel("norm", static a =>
                a.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int, float>(ElementKernels.RmsNorm<PairSum>)
            );
        var to = View(y, rows * width);
        kernel(config, View(x, rows * width), View(weight, width), to, width, epsilon);
        Round(to, rows * width);
    }

    /// <inheritdoc/>
    public void LayerNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y)
    {
        HostNorm.Layer(x, weight, epsilon, rows, width, y);
        Round(View(y, rows * width), rows * width);
    }

    /// <inheritdoc/>
    public void Rope(IKernelBuffer x, IKernelBuffer cosSin, int rows, int heads, int headSize, int rotary, bool neox)
    {
        var pairs = rotary / 2;
        var values = View(x, rows * heads * headSize);
        if (pairs > 0)
        {
            device.Kernel("rope", static a =>
                a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, int, int, int, int, int>(ElementKernels.Rope)
            )(rows * heads * pairs, values, View(cosSin, rows * rotary), heads, headSize, pairs, neox ? 1 : 2, neox ? pairs : 1);
        }

        Round(values, rows * heads * headSize);
    }

    /// <inheritdoc/>
    public void Slice(IKernelBuffer x, int rows, int stride, int from, int width, IKernelBuffer y) =>
        device.Kernel("slice", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, int, int, int, ArrayView<float>>(ElementKernels.Slice)
        )(rows * width, View(x, ((rows - 1) * stride) + from + width), stride, from, width, View(y, rows * width));

    /// <inheritdoc/>
    public void Place(IKernelBuffer x, int rows, int width, IKernelBuffer y, int from, int stride) =>
        device.Kernel("place", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, int, ArrayView<float>, int, int>(ElementKernels.Place)
        )(rows * width, View(x, rows * width), width, View(y, ((rows - 1) * stride) + from + width), from, stride);

    /// <inheritdoc/>
    public void CopyRows(IKernelBuffer x, ReadOnlySpan<int> from, IKernelBuffer y, ReadOnlySpan<int> to, int width)
    {
        var (source, target) = (((IlgpuBuffer)x).View, ((IlgpuBuffer)y).View);
        for (var i = 0; i < from.Length; i++)
            source.SubView(from[i] * width, width).CopyTo(target.SubView(to[i] * width, width));
    }

    /// <inheritdoc/>
    public void StoreKv(IKernelCache cache, int layer, int position, int rows, IKernelBuffer k, IKernelBuffer v)
    {
        var store = (IlgpuCache)cache;
        if (position < 0 || position + rows > store.Capacity)
            throw new ArgumentOutOfRangeException(
                nameof(position),
                position,
                $"{rows} positions from {position} do not fit a cache of {store.Capacity}"
            );
        int keyWidth = store.KeyWidth,
            valueWidth = store.ValueWidth;
        ArrayView<float> keys = View(k, rows * keyWidth),
            values = View(v, rows * valueWidth);
        if (store.IsHalf)
        {
            var kernel = device.Kernel("store f16", static a =>
                a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<ushort>, long, int, int, int, int>(
                    ElementKernels.StoreHalf
                )
            );
            kernel(rows * keyWidth, keys, store.HalfKeys, store.KeyStart(layer), keyWidth, position, 1, store.Capacity);
            kernel(rows * valueWidth, values, store.HalfValues, store.ValueStart(layer), valueWidth, position, valueWidth, 1);
            return;
        }

        var limit = (1 << (hardware!.KvBits - 1)) - 1;
        var integers = device.Kernel("store integers", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, long, int, int, int, int, int, int>(
                ElementKernels.StoreIntegers
            )
        );
        var heads = store.KvHeads;
        integers(rows * heads, keys, store.Keys, store.KeyStart(layer), keyWidth / heads, heads, position, 1, store.Capacity, limit);
        integers(rows * heads, values, store.Values, store.ValueStart(layer), valueWidth / heads, heads, position, valueWidth, 1, limit);
    }

    /// <inheritdoc/>
    public void Attention(IKernelCache cache, in AttentionShape shape, int layer, int position, int rows, IKernelBuffer q, IKernelBuffer y)
    {
        var store = (IlgpuCache)cache;
        var arguments = Arguments(shape, rows, position, position + rows);
        arguments.KeyStart = store.KeyStart(layer);
        arguments.ValueStart = store.ValueStart(layer);
        arguments.KeyStride = 1;
        arguments.KeyElementStride = store.Capacity;
        arguments.ValueStride = store.ValueWidth;
        arguments.RoundToHalf = hardware is null or { VectorPrecision: VectorPrecision.Fp16 } ? 1 : 0;
        if (store.IsHalf)
            Attend<ushort, StoredHalf>(arguments, shape, q, store.HalfKeys, store.HalfValues, y);
        else
            Attend<float, StoredFloat>(arguments, shape, q, store.Keys, store.Values, y);
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
            valueWidth = shape.KvHeads * shape.ValueHeadSize;
        // One launch for each run of rows that see the same positions.
        for (var from = 0; from < visible.Length; )
        {
            var rows = 1;
            while (from + rows < visible.Length && visible[from + rows] == visible[from])
                rows++;
            var arguments = Arguments(shape, rows, 0, visible[from]);
            arguments.Seen = visible[from];
            arguments.FirstRow = from;
            arguments.KeyStride = keyWidth;
            arguments.KeyElementStride = 1;
            arguments.ValueStride = valueWidth;
            arguments.RoundToHalf = hardware is { VectorPrecision: VectorPrecision.Fp16 } ? 1 : 0;
            Attend<float, StoredFloat>(arguments, shape, q, View(k, visible[from] * keyWidth), View(v, visible[from] * valueWidth), y);
            from += rows;
        }
    }

    /// <inheritdoc/>
    public void Gate(GateActivation activation, IKernelBuffer gate, IKernelBuffer up, int count)
    {
        ArrayView<float> to = View(gate, count),
            factor = View(up, count);
        switch (activation)
        {
            case GateActivation.Silu:
                device.Kernel("silu", a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<long>>(
                        KeepsOrder ? ElementKernels.Silu<ReferenceElementary> : ElementKernels.Silu<NativeElementary>
                    )
                )(count, to, factor, powers.View);
                break;
            case GateActivation.Gelu:
                if (gelu is null)
                {
                    gelu = new IlgpuBuffer(device, GateWork.GeluValues.Length);
                    gelu.Write(GateWork.GeluValues);
                }

                device.Kernel("gelu", static a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>>(ElementKernels.Gelu)
                )(count, to, factor, gelu.View);
                break;
            case GateActivation.ClampedSwiGlu:
                device.Kernel("swiglu", a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<long>>(
                        KeepsOrder ? ElementKernels.ClampedSwiGlu<ReferenceElementary> : ElementKernels.ClampedSwiGlu<NativeElementary>
                    )
                )(count, to, factor, powers.View);
                break;
            case GateActivation.Sigmoid:
                device.Kernel("sigmoid", a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<long>>(
                        KeepsOrder ? ElementKernels.Sigmoid<ReferenceElementary> : ElementKernels.Sigmoid<NativeElementary>
                    )
                )(count, to, factor, powers.View);
                break;
            case GateActivation.SquaredRelu:
                device.Kernel("squared_relu", static a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>>(ElementKernels.SquaredRelu)
                )(count, to, factor);
                break;
            default:
                throw new InvalidOperationException($"no activation {activation}");
        }

        Round(to, count);
    }

    /// <inheritdoc/>
    public void Add(IKernelBuffer x, IKernelBuffer y, int count)
    {
        var to = View(x, count);
        device.Kernel("add", static a => a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>>(ElementKernels.Add))(
            count,
            to,
            View(y, count)
        );
        Round(to, count);
    }

    /// <inheritdoc/>
    public void Multiply(IKernelBuffer x, IKernelBuffer y, int count)
    {
        var to = View(x, count);
        device.Kernel("multiply", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>>(ElementKernels.Multiply)
        )(count, to, View(y, count));
        Round(to, count);
    }

    /// <inheritdoc/>
    public void AddBias(IKernelBuffer x, IKernelBuffer bias, int rows, int width)
    {
        var to = View(x, rows * width);
        device.Kernel("add bias", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, int>(ElementKernels.AddBias)
        )(rows * width, to, View(bias, width), width);
        Round(to, rows * width);
    }

    /// <inheritdoc/>
    public void Weigh(IKernelBuffer x, IKernelBuffer weights, int rows, int width)
    {
        var to = View(x, rows * width);
        device.Kernel("weigh", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, int>(ElementKernels.Weigh)
        )(rows * width, to, View(weights, width), width);
        Round(to, rows * width);
    }

    /// <inheritdoc/>
    public void ScaleRows(IKernelBuffer x, ReadOnlySpan<float> factors, int width)
    {
        var to = View(x, factors.Length * width);
        var kernel = device.Kernel("scale", static a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, int, float>(ElementKernels.Scale)
        );
        for (var row = 0; row < factors.Length; row++)
            kernel(width, to, row * width, factors[row]);
        Round(to, factors.Length * width);
    }

    /// <inheritdoc/>
    public void SoftCap(IKernelBuffer x, float cap, int count)
    {
        var to = View(x, count);
        device.Kernel("soft cap", a =>
            a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, float, float>(
                KeepsOrder ? ElementKernels.SoftCap<ReferenceElementary> : ElementKernels.SoftCap<NativeElementary>
            )
        )(count, to, cap, 1 / cap);
        Round(to, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        activations.Dispose();
        scores.Dispose();
        powers.Dispose();
        gelu?.Dispose();
        if (ownsDevice)
            device.Dispose();
    }

    private static ArrayView<float> View(IKernelBuffer buffer, int count)
    {
        var floats = (IlgpuBuffer)buffer;
        if (floats.Count < count)
            throw new ArgumentException($"the operation needs {count} floats; the buffer has {floats.Count}", nameof(buffer));
        return floats.View;
    }

    private static AttentionArguments Arguments(in AttentionShape shape, int rows, int position, int positions) =>
        new()
        {
            Heads = shape.Heads,
            KvHeads = shape.KvHeads,
            HeadSize = shape.HeadSize,
            ValueHeadSize = shape.ValueHeadSize,
            Position = position,
            Rows = rows,
            Window = shape.Window,
            ChunkedWindow = shape.ChunkedWindow ? 1 : 0,
            ScaleQuery = shape.ScaleQuery ? 1 : 0,
            HasSinks = shape.Sinks is null ? 0 : 1,
            Scale = shape.Scale,
            SoftCap = shape.SoftCap,
            ScoreStride = (positions + 31) & ~31,
        };

    private void Attend<TStored, TRead>(
        AttentionArguments arguments,
        in AttentionShape shape,
        IKernelBuffer q,
        ArrayView<TStored> keys,
        ArrayView<TStored> values,
        IKernelBuffer y
    )
        where TStored : unmanaged
        where TRead : unmanaged, IStored<TStored>
    {
        int rows = arguments.Rows,
            groups = rows * shape.Heads,
            before = arguments.FirstRow * shape.Heads,
            count = groups * shape.ValueHeadSize;
        var group = device.GroupSize(Math.Max(arguments.ScoreStride, shape.ValueHeadSize));
        var config = new KernelConfig(groups, group, SharedMemoryConfig.RequestDynamic<float>(shape.HeadSize + group));
        var kernel =
            KeepsOrder ? LoadAttention<TStored, TRead, DoubleSum, ReferenceElementary>()
            : device.HasDoubles ? LoadAttention<TStored, TRead, DoubleSum, NativeElementary>()
            : LoadAttention<TStored, TRead, PairSum, NativeElementary>();
        var queries = View(q, (before + groups) * shape.HeadSize).SubView(before * shape.HeadSize, groups * shape.HeadSize);
        var to = View(y, (before * shape.ValueHeadSize) + count).SubView(before * shape.ValueHeadSize, count);
        kernel(
            config,
            arguments,
            queries,
            keys,
            values,
            shape.Sinks is null ? queries : View(shape.Sinks, shape.Heads),
            scores.Take((long)groups * arguments.ScoreStride),
            to,
            powers.View
        );
        Round(to, count);
    }

    private Action<
        KernelConfig,
        AttentionArguments,
        ArrayView<float>,
        ArrayView<TStored>,
        ArrayView<TStored>,
        ArrayView<float>,
        ArrayView<float>,
        ArrayView<float>,
        ArrayView<long>
    > LoadAttention<TStored, TRead, TSum, TElementary>()
        where TStored : unmanaged
        where TRead : unmanaged, IStored<TStored>
        where TSum : unmanaged, IRunningSum<TSum>
        where TElementary : unmanaged, IElementary =>
        device.Kernel(typeof(TRead) == typeof(StoredHalf) ? "attention f16" : "attention f32", static a =>
            a.LoadStreamKernel<
                AttentionArguments,
                ArrayView<float>,
                ArrayView<TStored>,
                ArrayView<TStored>,
                ArrayView<float>,
                ArrayView<float>,
                ArrayView<float>,
                ArrayView<long>
            >(AttentionKernel.Run<TStored, TRead, TSum, TElementary>)
        );

    /// <summary>Rounds results to the fabric's vector precision.</summary>
    private void Round(ArrayView<float> x, int count)
    {
        if (hardware is { VectorPrecision: VectorPrecision.Fp16 })
            device.Kernel("round", static a => a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(ElementKernels.RoundToHalf))(
                count,
                x
            );
    }
}
