using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Runs the operator graph of a chip on a kernel set: tokens in, logits out.</summary>
public sealed class ForwardPass : IDisposable
{
    private readonly WiredChip _chip;
    private readonly IKernelSet _kernels;
    private readonly ModelGraph _graph;
    private readonly ValuePlan _plan;
    private readonly IKernelBuffer[] _slots;
    private readonly Dictionary<string, IKernelMatrix> _matrices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IKernelBuffer> _vectors = new(StringComparer.Ordinal);
    private readonly RotaryTable _rotary;
    private readonly RotaryTable _rotaryWindowed;
    private readonly IKernelBuffer _angles;
    private readonly IKernelBuffer _anglesWindowed;
    private readonly IKernelBuffer _lastRow;
    private readonly ExpertLayer? _experts;
    private readonly HeadProducts? _heads;
    private readonly StreamOperators? _streams;
    private readonly KvLayout _kv;
    private readonly Dictionary<string, float[]> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<int, IStateStep> _steps = [];
    private readonly GroupNorm? _groupNorm;
    private readonly AdapterLayer _adapters;
    private readonly float[] _angleRows;
    private readonly float[] _rowFactors;
    private readonly int _firstTailOperator;
    private readonly int[] _allVisible;

    // How many positions each row sees while a block is evaluated; null for a whole canvas.
    private int[]? _visible;

    /// <summary>Prepares a chip for execution.</summary>
    /// <param name="chip">Opened image; must outlive the pass.</param>
    /// <param name="kernels">Backend.</param>
    /// <param name="batch">Most tokens evaluated together.</param>
    /// <param name="context">Context length of the run, tokens; some models choose their rope by it.</param>
    /// <param name="held">Context by which rope factors are chosen: <see cref="Held"/> of a context that was asked for; 0: as it
    /// is.</param>
    public ForwardPass(WiredChip chip, IKernelSet kernels, int batch, int context, int held = 0)
    {
        _chip = chip;
        _kernels = kernels;
        _graph = chip.Graph;
        Batch = batch;
        Context = context;
        _plan = ValuePlan.For(_graph);
        _slots = [.. _plan.Widths.Select(w => kernels.Allocate(checked(w * batch)))];
        foreach (var port in chip.Description.Matrices)
            _matrices.Add(port.Name, kernels.Bind(chip.Matrix(port.Name)));
        foreach (var vector in MatrixList.Vectors(_graph))
        {
            if (_vectors.ContainsKey(vector.Name))
                continue;
            var buffer = kernels.Allocate(vector.Count);
            buffer.Write(chip.Vector(vector.Name));
            _vectors.Add(vector.Name, buffer);
        }

        var traits = _graph.Traits;
        ReadOnlySpan<float> factors = traits.RopeFactors switch
        {
            RopeFactors.Frequencies => chip.Vector("rope_freqs.weight"),
            RopeFactors.LongRope => chip.Vector(
                (held > 0 ? held : context) > traits.OriginalContextLength ? "rope_factors_long.weight" : "rope_factors_short.weight"
            ),
            _ => default,
        };
        _rotary = new RotaryTable(traits, windowed: false, factors);
        _rotaryWindowed = new RotaryTable(traits, windowed: true, factors);
        _angles = kernels.Allocate(_rotary.RowLength * batch);
        _anglesWindowed = kernels.Allocate(_rotaryWindowed.RowLength * batch);
        _angleRows = new float[Math.Max(_rotary.RowLength, _rotaryWindowed.RowLength) * batch];
        _rowFactors = new float[batch];
        _allVisible = new int[batch];
        if (_graph.Operators.OfType<ExpertsOperator>().FirstOrDefault() is { } experts)
            _experts = new ExpertLayer(kernels, experts, traits, Matrix, Vector, batch);
        _kv = new KvLayout(_graph);
        if (_graph.Operators.OfType<HeadMatMulOperator>().Any())
            _heads = new HeadProducts(kernels, _graph, Matrix, batch);
        if (_graph.Operators.OfType<NormOperator>().Where(n => n.OwnWeights).ToArray() is { Length: > 0 } norms)
            _groupNorm = new GroupNorm(kernels, norms, Weights, batch);
        if (_graph.Shape.ResidualStreams > 1)
            _streams = new StreamOperators(kernels, _graph, Weights);
        _adapters = new AdapterLayer(chip, kernels, batch);
        var tail = _graph.Operators[_graph.Operators.Last(o => o.Layer >= 0).Id + 1];
        _firstTailOperator = tail.Id;
        _lastRow = kernels.Allocate(_graph.Operators[tail.Inputs[0]].Width);
    }

    /// <summary>
    /// Tokens of a prompt that are best evaluated together: as fast as more, with half of the buffers of 512. A diffusion model needs its
    /// whole canvas at once.
    /// </summary>
    /// <param name="shape">Model.</param>
    /// <param name="context">Context length of the run, tokens.</param>
    public static int PromptBatch(ModelShape shape, int context) => Math.Min(context, shape.Causal ? 256 : 512);

    /// <summary>Most tokens evaluated together.</summary>
    public int Batch { get; }

    /// <summary>Context length of the run.</summary>
    public int Context { get; }

    /// <summary>Logits per row.</summary>
    public int VocabularySize => _graph.Shape.VocabularySize;

    /// <summary>A new, empty sequence of at most <paramref name="capacity"/> tokens.</summary>
    public Sequence NewSequence(int capacity)
    {
        var shape = _graph.Shape;
        return new Sequence(
            shape.Causal ? _kv.Allocate(_kernels, capacity) : [],
            capacity,
            shape.IsRecurrent ? new RecurrentState(_graph, HoldsHalves) : null
        );
    }

    private bool HoldsHalves => _kernels.Numerics == Numerics.Hardware && _chip.Description.Fabric.Numerics.VectorBits == 16;

    /// <summary>Appends tokens to a sequence and computes logits.</summary>
    /// <param name="sequence">Sequence; its length grows by the number of tokens. A diffusion model sees exactly
    /// <paramref name="tokens"/>.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="logits">One row for the last token, or one row for every token.</param>
    /// <param name="cancel">Checked between layers.</param>
    /// <exception cref="InputException">The sequence is full or a token id is out of range.</exception>
    public void Evaluate(Sequence sequence, ReadOnlySpan<int> tokens, Span<float> logits, CancellationToken cancel = default)
    {
        CheckIds(tokens);
        var all = logits.Length == tokens.Length * VocabularySize && tokens.Length > 1;
        if (!all && logits.Length != VocabularySize)
            throw new ArgumentException("logits must hold one row, or one row per token", nameof(logits));
        if (!_graph.Shape.Causal)
        {
            if (tokens.Length > Batch)
                throw new InputException(
                    $"{tokens.Length} tokens: a diffusion model sees its whole canvas at once, and at most {Batch} are held"
                );
            Run(sequence, tokens, logits, all, cancel);
            return;
        }

        if (sequence.Length + tokens.Length > sequence.Capacity)
            throw new InputException($"{sequence.Length + tokens.Length} tokens do not fit the context of {sequence.Capacity}");
        for (var from = 0; from < tokens.Length; from += Batch)
        {
            var part = tokens.Slice(from, Math.Min(Batch, tokens.Length - from));
            var last = from + part.Length == tokens.Length;
            Run(
                sequence,
                part,
                all ? logits.Slice(from * VocabularySize, part.Length * VocabularySize)
                    : last ? logits
                    : default,
                all,
                cancel
            );
            sequence.Length += part.Length;
        }
    }

    /// <summary>
    /// Evaluates tokens of a diffusion model at the end of a sequence, with the keys and values that the sequence holds. They see the
    /// positions of the sequence and of these tokens that <paramref name="visible"/> allows.
    /// </summary>
    /// <param name="sequence">Sequence; grows only with <paramref name="append"/>.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="visible">For each token, how many positions it sees from the first of the sequence.</param>
    /// <param name="logits">One row for every token, one for the last, or empty.</param>
    /// <param name="append">Keep the keys and values of these tokens.</param>
    /// <param name="cancel">Checked between layers.</param>
    /// <exception cref="InputException">The sequence is full, too many tokens, or a token id is out of range.</exception>
    public void EvaluateBlock(
        Sequence sequence,
        ReadOnlySpan<int> tokens,
        ReadOnlySpan<int> visible,
        Span<float> logits,
        bool append,
        CancellationToken cancel = default
    )
    {
        var shape = _graph.Shape;
        if (shape.Causal)
            throw new InvalidOperationException("blocks are of diffusion models");
        CheckIds(tokens);
        if (tokens.Length > Batch)
            throw new InputException($"{tokens.Length} tokens: at most {Batch} are evaluated together by a diffusion model");
        var end = sequence.Length + tokens.Length;
        if (end > sequence.Capacity)
            throw new InputException($"{end} tokens do not fit the context of {sequence.Capacity}");
        sequence.Blocks ??= new BlockCache(
            _kernels,
            shape.Layers,
            shape.KvHeads * shape.HeadSize,
            shape.KvHeads * shape.EffectiveValueHeadSize,
            sequence.Capacity
        );
        _visible = visible.ToArray();
        try
        {
            Run(sequence, tokens, logits, allRows: logits.Length == tokens.Length * VocabularySize, cancel);
        }
        finally
        {
            _visible = null;
        }

        if (append)
            sequence.Length = end;
    }

    /// <summary>Frees buffers; not the kernel set or the chip.</summary>
    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Dispose();
        foreach (var matrix in _matrices.Values)
            matrix.Dispose();
        foreach (var vector in _vectors.Values)
            vector.Dispose();
        _angles.Dispose();
        _anglesWindowed.Dispose();
        _lastRow.Dispose();
        _experts?.Dispose();
        _heads?.Dispose();
        _groupNorm?.Dispose();
        _adapters.Dispose();
    }

    private void CheckIds(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
            if ((uint)token >= (uint)VocabularySize)
                throw new InputException($"token id {token} is outside the vocabulary of {VocabularySize}");
    }

    private void Run(Sequence sequence, ReadOnlySpan<int> tokens, Span<float> logits, bool allRows, CancellationToken cancel)
    {
        var rows = tokens.Length;
        UploadAngles(sequence.Length, rows);
        foreach (var op in _graph.Operators)
        {
            if (op.Id == _firstTailOperator)
            {
                if (logits.IsEmpty)
                    return;
                if (!allRows && rows > 1)
                {
                    // Only the last row goes through the output matrix.
                    var width = _graph.Operators[op.Inputs[0]].Width;
                    var x = Value(op.Inputs[0]);
                    _kernels.Slice(x, 1, rows * width, (rows - 1) * width, width, _lastRow);
                    _kernels.Slice(_lastRow, 1, width, 0, width, x);
                    rows = 1;
                }
            }

            if (op is AttentionOperator)
                cancel.ThrowIfCancellationRequested();
            Execute(op, sequence, tokens, rows);
        }

        Value(_graph.Output.Id).Read(0, logits);
    }

    private void Execute(Operator op, Sequence sequence, ReadOnlySpan<int> tokens, int rows)
    {
        var y = Value(op.Id);
        switch (op)
        {
            case EmbedOperator embed:
                _kernels.Embed(Matrix(embed.Tensor), tokens, embed.Scale == 0 ? 1 : embed.Scale, y);
                break;
            case NormOperator norm:
                Normalise(norm, rows, y);
                break;
            case MatMulOperator product:
                _kernels.MatMul(Matrix(product.Tensor), Value(product.Input), rows, y);
                if (product.Scale is not null)
                    Multiply(y, rows, product.Width, _chip.Vector(product.Scale)[0]);
                _adapters.Run(product.Tensor, Value(product.Input), rows, product.Width, y);
                if (product.Bias is not null)
                    _kernels.AddBias(y, Vector(product.Bias), rows, product.Width);
                break;
            case SliceOperator slice:
                var groupWidth = _graph.Operators[slice.Input].Width / slice.Groups;
                _kernels.Slice(Value(slice.Input), rows * slice.Groups, groupWidth, slice.From, slice.Width / slice.Groups, y);
                break;
            case ConcatOperator concat:
                Concatenate(concat, rows, y);
                break;
            case HeadMatMulOperator perHead:
                _heads!.Run(perHead, Value(perHead.Input), rows, y);
                break;
            case RopeOperator rope:
                _kernels.Rope(
                    y,
                    rope.Windowed ? _anglesWindowed : _angles,
                    rows,
                    rope.Width / rope.HeadSize,
                    rope.HeadSize,
                    _graph.Traits.RotaryLengthOf(rope.Windowed),
                    _graph.Traits.RopeNeox
                );
                break;
            case AttentionOperator attention:
                Attend(attention, sequence, rows, y);
                break;
            case ExpertsOperator experts:
                var routed = experts.RouterInput < 0 ? experts.Input : experts.RouterInput;
                _experts!.Run(experts, Value(experts.Input), Value(routed), rows, y);
                break;
            case ConvolutionOperator convolution:
                var bias = convolution.Bias is null ? null : Weights(convolution.Bias);
                sequence.State!.Convolve(convolution, Value(convolution.Input), Weights(convolution.Weights), bias, rows, y);
                break;
            case StateOperator states:
                sequence.State!.Recur(states, Step(states), Value(states.Input), [.. states.Gates.Select(Value)], rows, y);
                break;
            case PredictOperator or CorrectOperator or MatchLengthOperator or CutOperator:
                _streams!.Run(op, Value, rows, y);
                break;
            default:
                Combine(op, rows, y);
                break;
        }
    }

    // Operations element by element.
    private void Combine(Operator op, int rows, IKernelBuffer y)
    {
        switch (op)
        {
            case GateOperator gate:
                _kernels.Gate(Activation(gate.Activation), y, Value(gate.UpInput), rows * gate.Width);
                break;
            case MultiplyOperator multiply:
                _kernels.Multiply(y, Value(multiply.Right), rows * multiply.Width);
                break;
            case AddOperator add:
                _kernels.Add(y, Value(add.Right), rows * add.Width);
                break;
            case ScaleOperator scale:
                Multiply(y, rows, scale.Width, scale.Factor);
                break;
            case WeighOperator { Count: 1 } one:
                Multiply(y, rows, one.Width, _chip.Vector(one.Weights)[0]);
                break;
            case WeighOperator weigh:
                _kernels.Weigh(y, Vector(weigh.Weights), rows, weigh.Width);
                break;
            case SoftCapOperator cap:
                _kernels.SoftCap(y, cap.Cap, rows * cap.Width);
                break;
            default:
                throw new InvalidOperationException($"no kernel for {op.Describe()}");
        }
    }

    private void Concatenate(ConcatOperator op, int rows, IKernelBuffer y)
    {
        var (left, right) = (_graph.Operators[op.Left].Width / op.Groups, _graph.Operators[op.Right].Width / op.Groups);
        _kernels.Place(Value(op.Left), rows * op.Groups, left, y, 0, left + right);
        _kernels.Place(Value(op.Right), rows * op.Groups, right, y, left, left + right);
    }

    private void Normalise(NormOperator norm, int rows, IKernelBuffer y)
    {
        var (x, groups) = (Value(norm.Input), rows * (norm.Width / norm.GroupWidth));
        var weight = norm.Weight is null ? Ones(norm.GroupWidth) : Vector(norm.Weight);
        if (norm.OwnWeights)
            _groupNorm!.Run(norm, _graph.Traits.NormEpsilon, x, rows, y);
        else if (norm.Centred)
            _kernels.LayerNorm(x, weight, _graph.Traits.NormEpsilon, groups, norm.GroupWidth, y);
        else
            _kernels.RmsNorm(x, weight, _graph.Traits.NormEpsilon, groups, norm.GroupWidth, y);
    }

    // A product with 1 keeps every bit.
    private IKernelBuffer Ones(int count)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{count} ones");
        if (!_vectors.TryGetValue(name, out var ones))
        {
            _vectors.Add(name, ones = _kernels.Allocate(count));
            ones.Write(Enumerable.Repeat(1f, count).ToArray());
        }

        return ones;
    }

    private void Attend(AttentionOperator op, Sequence sequence, int rows, IKernelBuffer y)
    {
        var shape = _graph.Shape;
        var traits = _graph.Traits;
        var attention = new AttentionShape
        {
            Heads = op.Heads,
            KvHeads = op.KvHeads,
            HeadSize = op.HeadSize,
            ValueHeadSize = op.ValueHeadSize,
            Scale = traits.AttentionScale > 0 ? traits.AttentionScale : 1 / MathF.Sqrt(shape.HeadSize),
            ScaleQuery = traits.ScaleQuery,
            SoftCap = traits.AttentionSoftCap,
            Window = op.Window,
            ChunkedWindow = traits.ChunkedWindow,
            Sinks = op.Sinks is null ? null : Vector(op.Sinks),
        };
        if (traits.AttentionTemperatureScale != 0 && !(traits.AttentionTemperatureUnrotated && traits.IsRotated(op.Layer)))
        {
            for (var r = 0; r < rows; r++)
                _rowFactors[r] = Temperature(sequence.Length + r, traits);
            _kernels.ScaleRows(Value(op.Query), _rowFactors.AsSpan(0, rows), op.Heads * op.HeadSize);
        }

        if (sequence.Caches.Count == 0)
        {
            AttendCanvas(attention, op, sequence, rows, y);
            return;
        }

        var (number, layer) = _kv.Place(op);
        var cache = sequence.Caches[number];
        if (op.Source < 0)
            _kernels.StoreKv(cache, layer, sequence.Length, rows, Value(op.Key), Value(op.Value));
        _kernels.Attention(cache, attention, layer, sequence.Length, rows, Value(op.Query), y);
    }

    private void AttendCanvas(in AttentionShape shape, AttentionOperator op, Sequence sequence, int rows, IKernelBuffer y)
    {
        if (_visible is not null)
        {
            var blocks = sequence.Blocks!;
            blocks.Store(_kernels, op.Layer, sequence.Length, rows, Value(op.Key), Value(op.Value));
            _kernels.FullAttention(shape, _visible, Value(op.Query), blocks.Keys(op.Layer), blocks.Values(op.Layer), y);
            return;
        }

        var all = _allVisible.AsSpan(0, rows);
        all.Fill(rows);
        _kernels.FullAttention(shape, all, Value(op.Query), Value(op.Key), Value(op.Value), y);
    }

    /// <summary>llama.cpp holds contexts in whole steps of 256 tokens, and chooses between rope factors for short and long contexts by what
    /// it holds.</summary>
    public static int Held(int context) => (int)Math.Min(int.MaxValue, (context + 255L) / 256 * 256);

    private void Multiply(IKernelBuffer y, int rows, int width, float factor)
    {
        var factors = _rowFactors.AsSpan(0, rows);
        factors.Fill(factor);
        _kernels.ScaleRows(y, factors, width);
    }

    // Rounded as llama.cpp does it: the quotient in single precision, the logarithm in double.
    private static float Temperature(int position, ModelTraits traits)
    {
        var length = traits.AttentionTemperatureLength > 0 ? traits.AttentionTemperatureLength : traits.OriginalContextLength;
        var step = MathF.Floor(((float)position + traits.AttentionTemperatureOffset) / length);
        return (float)((Math.Log(step + 1.0) * traits.AttentionTemperatureScale) + 1.0);
    }

    private void UploadAngles(int position, int rows)
    {
        foreach (var (table, buffer) in new[] { (_rotary, _angles), (_rotaryWindowed, _anglesWindowed) })
        {
            for (var r = 0; r < rows; r++)
                table.Fill(position + r, _angleRows.AsSpan(r * table.RowLength, table.RowLength));
            buffer.Write(_angleRows.AsSpan(0, rows * table.RowLength));
        }
    }

    private IKernelBuffer Value(int op) => _slots[_plan.Slots[op]];

    private IKernelMatrix Matrix(string port) => _matrices[port];

    private IKernelBuffer Vector(string name) => _vectors[name];

    // A vector of the chip on the host.
    private float[] Weights(string name)
    {
        if (!_weights.TryGetValue(name, out var weights))
            _weights.Add(name, weights = _chip.Vector(name).ToArray());
        return weights;
    }

    private IStateStep Step(StateOperator op)
    {
        if (!_steps.TryGetValue(op.Layer, out var step))
            _steps.Add(
                op.Layer,
                step = op switch
                {
                    DeltaNetOperator net => new DeltaNet(net, Weights(net.DecayRate), Weights(net.StepBias), _graph.Traits.NormEpsilon),
                    StateSpaceOperator scan => new StateSpaceScan(
                        scan,
                        Weights(scan.DecayRate),
                        Weights(scan.StepBias),
                        Weights(scan.Skip)
                    ),
                    _ => throw new InvalidOperationException($"no arithmetic for {op.Describe()}"),
                }
            );
        return step;
    }

    internal static GateActivation Activation(FeedForwardActivation activation) =>
        activation switch
        {
            FeedForwardActivation.Silu => GateActivation.Silu,
            FeedForwardActivation.Gelu => GateActivation.Gelu,
            FeedForwardActivation.Sigmoid => GateActivation.Sigmoid,
            FeedForwardActivation.SquaredRelu => GateActivation.SquaredRelu,
            _ => GateActivation.ClampedSwiGlu,
        };
}
