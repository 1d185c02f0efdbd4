using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Rtl;

/// <summary>
/// The hardware numerics with a record of what every unit of a chip gives: a digest of each operator's result, and the column sums of each
/// bank by
/// <see cref="BankArithmetic"/>. One token at a time.
/// </summary>
internal sealed class RecordingKernels : IKernelSet
{
    private readonly SimdKernels _kernels;
    private readonly HardwareNumerics _numerics;
    private readonly MaskImage _image;
    private readonly Dictionary<BankedMatrix, MatrixPlan> _ports = [];
    private readonly Dictionary<int, BankContents> _banks = [];
    private readonly Operator[] _operators;
    private int _next;
    private bool _answers;
    private float[] _values = [];

    /// <summary>Kernels for a chip.</summary>
    /// <param name="chip">Opened image.</param>
    /// <param name="image">Its layers.</param>
    public RecordingKernels(WiredChip chip, MaskImage image)
    {
        _numerics = HardwareNumerics.Of(chip.Description.Fabric);
        _kernels = new SimdKernels(Numerics.Hardware, _numerics, 1);
        _image = image;
        _operators = [.. chip.Graph.Operators];
        foreach (var port in chip.Description.Matrices)
            _ports.Add(chip.Matrix(port.Name), port);
    }

    public string Name => _kernels.Name;

    public Numerics Numerics => _kernels.Numerics;

    public bool KeepsOrder => true;

    /// <summary>Digest of an operator's result: [operator, position].</summary>
    public Dictionary<(int Operator, int Position), ulong> Values { get; } = [];

    /// <summary>Column sums of a site's bank: [site, position].</summary>
    public Dictionary<(int Site, int Position), int[]> Sums { get; } = [];

    /// <summary>Position of the token that is evaluated.</summary>
    public int Position { get; private set; }

    /// <summary>A new token begins.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="answers">Whether it continues to the output; what a prompt token's output would be is not recorded.</param>
    public void Begin(int position, bool answers) => (Position, _next, _answers) = (position, 0, answers);

    public IKernelBuffer Allocate(int count) => _kernels.Allocate(count);

    public IKernelMatrix Bind(BankedMatrix matrix) => _kernels.Bind(matrix);

    public IKernelCache AllocateCache(int layers, int keyWidth, int valueWidth, int kvHeads, int capacity) =>
        _kernels.AllocateCache(layers, keyWidth, valueWidth, kvHeads, capacity);

    public void Embed(IKernelMatrix table, ReadOnlySpan<int> tokens, float scale, IKernelBuffer y)
    {
        _kernels.Embed(table, tokens, scale, y);
        Record(y);
    }

    public void MatMul(IKernelMatrix w, IKernelBuffer x, int rows, IKernelBuffer y)
    {
        var port = _ports[w.Source];
        if (Recorded(_operators[_next]))
            RecordBanks(port, x);
        _kernels.MatMul(w, x, rows, y);
        Record(y);
    }

    public void RmsNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y)
    {
        _kernels.RmsNorm(x, weight, epsilon, rows, width, y);
        Record(y);
    }

    public void LayerNorm(IKernelBuffer x, IKernelBuffer weight, float epsilon, int rows, int width, IKernelBuffer y) =>
        throw new InvalidOperationException("norms about the mean have no Verilog");

    public void Rope(IKernelBuffer x, IKernelBuffer cosSin, int rows, int heads, int headSize, int rotary, bool neox)
    {
        _kernels.Rope(x, cosSin, rows, heads, headSize, rotary, neox);
        Record(x);
    }

    public void Slice(IKernelBuffer x, int rows, int stride, int from, int width, IKernelBuffer y)
    {
        _kernels.Slice(x, rows, stride, from, width, y);
        Record(y);
    }

    public void Place(IKernelBuffer x, int rows, int width, IKernelBuffer y, int from, int stride) =>
        _kernels.Place(x, rows, width, y, from, stride);

    public void CopyRows(IKernelBuffer x, ReadOnlySpan<int> from, IKernelBuffer y, ReadOnlySpan<int> to, int width) =>
        _kernels.CopyRows(x, from, y, to, width);

    public void StoreKv(IKernelCache cache, int layer, int position, int rows, IKernelBuffer k, IKernelBuffer v) =>
        _kernels.StoreKv(cache, layer, position, rows, k, v);

    public void Attention(IKernelCache cache, in AttentionShape shape, int layer, int position, int rows, IKernelBuffer q, IKernelBuffer y)
    {
        _kernels.Attention(cache, shape, layer, position, rows, q, y);
        Record(y);
    }

    public void FullAttention(
        in AttentionShape shape,
        ReadOnlySpan<int> visible,
        IKernelBuffer q,
        IKernelBuffer k,
        IKernelBuffer v,
        IKernelBuffer y
    ) => throw new InvalidOperationException("a diffusion model has no Verilog");

    public void Gate(GateActivation activation, IKernelBuffer gate, IKernelBuffer up, int count)
    {
        _kernels.Gate(activation, gate, up, count);
        Record(gate);
    }

    public void Multiply(IKernelBuffer x, IKernelBuffer y, int count) => _kernels.Multiply(x, y, count);

    public void Add(IKernelBuffer x, IKernelBuffer y, int count)
    {
        _kernels.Add(x, y, count);
        Record(x);
    }

    public void AddBias(IKernelBuffer x, IKernelBuffer bias, int rows, int width)
    {
        _kernels.AddBias(x, bias, rows, width);
        // The bias belongs to the product before it.
        _next--;
        Record(x);
    }

    public void Weigh(IKernelBuffer x, IKernelBuffer weights, int rows, int width) => _kernels.Weigh(x, weights, rows, width);

    public void ScaleRows(IKernelBuffer x, ReadOnlySpan<float> factors, int width) => _kernels.ScaleRows(x, factors, width);

    public void SoftCap(IKernelBuffer x, float cap, int count)
    {
        _kernels.SoftCap(x, cap, count);
        Record(x);
    }

    public void Dispose() => _kernels.Dispose();

    // The graph's operators run in their order.
    private void Record(IKernelBuffer y)
    {
        var op = _operators[_next++];
        if (Recorded(op))
            Values[(op.Id, Position)] = Digest(Read(y, op.Width));
    }

    private bool Recorded(Operator op) => _answers || op.Layer >= 0 || op is EmbedOperator;

    private ReadOnlySpan<float> Read(IKernelBuffer buffer, int count)
    {
        if (_values.Length < count)
            _values = new float[count];
        buffer.Read(0, _values.AsSpan(0, count));
        return _values.AsSpan(0, count);
    }

    // FNV-1a over the bits, as vector_model.cpp has it.
    private static ulong Digest(ReadOnlySpan<float> values)
    {
        var hash = 0xcbf29ce484222325ul;
        foreach (var x in values)
        {
            var bits = BitConverter.SingleToUInt32Bits(x);
            for (var i = 0; i < 4; i++)
                hash = unchecked((hash ^ (bits >> (8 * i) & 0xff)) * 0x100000001b3ul);
        }

        return hash;
    }

    private void RecordBanks(MatrixPlan port, IKernelBuffer x)
    {
        // One symmetric scale for the vector; see HardwareNumerics.
        var values = Read(x, port.Inputs);
        var largest = 0f;
        foreach (var value in values)
            largest = MathF.Max(largest, MathF.Abs(value));
        var limit = _numerics.ActivationLimit;
        var scale = largest / limit;
        var activations = new int[port.InputSegments * port.BankRows];
        for (var i = 0; i < values.Length; i++)
            activations[i] = scale == 0 ? 0 : Math.Clamp((int)MathF.Round(values[i] / scale, MidpointRounding.ToEven), -limit, limit);
        for (var o = 0; o < port.OutputSegments; o++)
        for (var s = 0; s < port.InputSegments; s++)
        {
            var site = _image.Site(port, s, o);
            if (!_banks.TryGetValue(site, out var bank))
                _banks.Add(site, bank = BankContents.Of(_image, site));
            var sums = Sums[(site, Position)] = new int[bank.Codes.Length];
            for (var c = 0; c < sums.Length; c++)
                sums[c] = (int)
                    BankArithmetic.Column(
                        bank.Codes[c],
                        bank.Scales[c],
                        activations.AsSpan(s * port.BankRows, bank.Codes[c].Length),
                        _numerics.AccumulatorBits
                    );
        }
    }
}
