using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>What the sequencer of a chip executes for a token, and the steps of the vector model that its instructions refer to. Made from
/// the operator graph.</summary>
public sealed class ChipProgram
{
    private readonly List<ChipInstruction> _instructions = [];
    private readonly List<VectorStep> _steps = [];

    // Steps without cycles of their own (slices are wires), run with the next vector operation.
    private readonly List<VectorStep> _wires = [];
    private readonly ModelGraph _graph;
    private readonly ChipRtlConfig _config;
    private readonly Dictionary<string, MatrixPlan> _ports;
    private readonly ChipPlan _plan;
    private readonly Dictionary<string, int> _vectors;

    private ChipProgram(ModelGraph graph, ChipPlan plan, ChipRtlConfig config, IReadOnlyList<VectorEntry> vectors)
    {
        (_graph, _plan, _config) = (graph, plan, config);
        _ports = plan.Matrices.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _vectors = new Dictionary<string, int>(StringComparer.Ordinal);
        var at = 0;
        foreach (var vector in vectors)
        {
            _vectors.Add(vector.Name, at);
            at += vector.Count;
        }
    }

    /// <summary>Instructions in order; answer tokens pass all of them.</summary>
    public IReadOnlyList<ChipInstruction> Instructions => _instructions;

    /// <summary>Steps of the vector model.</summary>
    public IReadOnlyList<VectorStep> Steps => _steps;

    /// <summary>Place of a vector in the vector ROM, floats from its start.</summary>
    public int Vector(string name) => _vectors[name];

    /// <summary>The operator that multiplies by a port.</summary>
    public MatMulOperator Product(MatrixPlan port) => _graph.Operators.OfType<MatMulOperator>().First(m => m.Tensor == port.Name);

    /// <summary>The program of a model.</summary>
    /// <param name="graph">Operators.</param>
    /// <param name="plan">Chip.</param>
    /// <param name="config">Sizes of its Verilog.</param>
    /// <param name="vectors">Vectors of the vector ROM, in its order.</param>
    /// <exception cref="InputException">An operator that the chip's Verilog does not have.</exception>
    public static ChipProgram From(ModelGraph graph, ChipPlan plan, ChipRtlConfig config, IReadOnlyList<VectorEntry> vectors)
    {
        var program = new ChipProgram(graph, plan, config, vectors);
        program.Build();
        return program;
    }

    private int Stage(int layer, bool output) => output ? _graph.Shape.Layers + 1 : layer + 1;

    private void Build()
    {
        var ops = _graph.Operators;
        var adds = new int[_graph.Shape.Layers];
        for (var i = 0; i < ops.Count; i++)
        {
            var op = ops[i];
            var stage = Stage(op.Layer, op.Layer < 0 && op is not EmbedOperator);
            NeedHardware(op);
            switch (op)
            {
                case EmbedOperator:
                    Add(ChipOperation.Embedding, 0, "embedding");
                    Vector(
                        0,
                        "embedding_scale",
                        VectorKind.Element,
                        op.Width,
                        0,
                        new VectorStep(VectorStepKind.Embed, op.Id, Count: op.Width)
                    );
                    break;
                case NormOperator q when ops[i + 1] is NormOperator k && k.Weight!.EndsWith("attn_k_norm.weight", StringComparison.Ordinal):
                    // Queries and keys pass the lanes as one vector, as they do for the rotary embedding.
                    i++;
                    Vector(stage, "query_key_norm", VectorKind.Norm, 2 * (q.Width + k.Width), 0, Norm(q), Norm(k));
                    break;
                case NormOperator n:
                    Vector(stage, NormPhase(n), VectorKind.Norm, 2 * n.Width, 0, Norm(n));
                    break;
                case MatMulOperator m:
                    var group = ops.Skip(i)
                        .TakeWhile(o => o is MatMulOperator next && next.Input == m.Input)
                        .Cast<MatMulOperator>()
                        .ToArray();
                    i += group.Length - 1;
                    Product(stage, group);
                    break;
                case SliceOperator s:
                    _wires.Add(new VectorStep(VectorStepKind.Slice, s.Id, s.Input, s.From, s.Width));
                    break;
                case RopeOperator q when ops[i + 1] is RopeOperator k && ops[i + 2] is AttentionOperator attention:
                    i += 2;
                    Attention(stage, q, k, attention);
                    break;
                case GateOperator g:
                    Gate(stage, g);
                    break;
                case AddOperator a:
                    Residual(stage, a, ++adds[a.Layer]);
                    break;
                case SoftCapOperator when i == ops.Count - 1:
                    // Done where the sums become floats.
                    break;
                default:
                    throw new InputException($"Verilog of the whole chip: operator {op.Describe()} has no hardware");
            }
        }

        _instructions[^1] = _instructions[^1] with { EndsToken = true };
    }

    private void NeedHardware(Operator op)
    {
        ChipRtlConfig.Need(op is not NormOperator { Centred: true }, "norms about the mean have no hardware");
        ChipRtlConfig.Need(op is not NormOperator { Weight: null }, "norms without weights have no hardware");
        ChipRtlConfig.Need(
            op is not RopeOperator || _graph.Traits.QkNorm is not (QkNorm.HeadAfterRope or QkNorm.PlainHeadAfterRope),
            "norms after the rotary embedding have no hardware"
        );
    }

    private void Gate(int stage, GateOperator gate)
    {
        var step = new VectorStep(VectorStepKind.Gate, gate.Id, gate.GateInput, gate.UpInput, gate.Width, (int)gate.Activation);
        Vector(stage, "activation", VectorKind.Scalar, gate.Width, 0, step);
    }

    // The first addition of a layer follows attention, the second the feed-forward part and ends the layer.
    private void Residual(int stage, AddOperator add, int ofLayer)
    {
        var name = ofLayer == 1 ? "attention_residual" : "feed_forward_residual";
        Vector(stage, name, VectorKind.Element, add.Width, 0, new VectorStep(VectorStepKind.Add, add.Id, add.Left, add.Right, add.Width));
        if (ofLayer == 2)
            EndLayer(stage, add);
    }

    private VectorStep Norm(NormOperator norm) =>
        new(VectorStepKind.Norm, norm.Id, norm.Input, Vector(norm.Weight!), norm.Width, norm.GroupWidth);

    // Names as the token schedule has them.
    private string NormPhase(NormOperator norm)
    {
        bool Is(string name) => norm.Weight!.EndsWith(name + ".weight", StringComparison.Ordinal);
        return norm.Layer < 0 ? "output_norm"
            : Is("attn_norm") ? "attention_norm"
            : Is("ffn_norm") || (_graph.Traits.FeedForwardNormIsPostAttention && Is("post_attention_norm")) ? "feed_forward_norm"
            : Is("post_attention_norm") ? "attention_post_norm"
            : Is("post_ffw_norm") ? "feed_forward_post_norm"
            : throw new InputException($"Verilog of the whole chip: the norm {norm.Weight} has no phase in the token schedule");
    }

    private void Product(int stage, MatMulOperator[] group)
    {
        var (quantise, name) = group[0].Role switch
        {
            MatrixRole.Query or MatrixRole.Key or MatrixRole.Value or MatrixRole.QueryKeyValue => ("attention_quantise", "query_key_value"),
            MatrixRole.AttentionOutput => ("values_quantise", "attention_output"),
            MatrixRole.Gate or MatrixRole.Up or MatrixRole.GateUp => ("feed_forward_quantise", "gate_up"),
            MatrixRole.Down => ("activation_quantise", "down"),
            MatrixRole.Output => ("output_quantise", "output"),
            _ => throw new InputException($"Verilog of the whole chip: a matrix of role {group[0].Role} has no hardware"),
        };
        var ports = group.Select(m => _ports[m.Tensor]).ToArray();
        Vector(
            stage,
            quantise,
            VectorKind.Quantise,
            ports[0].Inputs,
            0,
            new VectorStep(VectorStepKind.Quantise, -1, group[0].Input, 0, ports[0].Inputs)
        );
        var sample = group[0].Role == MatrixRole.Output;
        _instructions.Add(
            new ChipInstruction
            {
                Operation = sample ? ChipOperation.Sample : ChipOperation.Product,
                Stage = stage,
                Phase = name,
                CollectPhase = sample ? "sample" : name + "_collect",
                Region = _config.RegionOfStage[stage],
                Ports = [.. ports.Select(p => p.Id)],
                Count = ports.Sum(p => Enumerable.Range(0, p.OutputSegments).Sum(o => Beats(p, o))),
            }
        );
    }

    /// <summary>Beats of the sums of an output segment.</summary>
    public int Beats(MatrixPlan port, int outputSegment) =>
        (ChipModel.MaskLayers.WeightsLayer.Columns(port, outputSegment) + _config.LinkSums - 1) / _config.LinkSums;

    private void Attention(int stage, RopeOperator q, RopeOperator k, AttentionOperator attention)
    {
        var (shape, traits) = (_graph.Shape, _graph.Traits);
        ChipRtlConfig.Need(attention.Window == 0, "sliding windows have no Verilog");
        var region = _config.RegionOfStage[stage];
        var layerOfRegion = Enumerable.Range(1, shape.Layers).Where(s => _config.RegionOfStage[s] == region).ToList().IndexOf(stage);
        var passes = ((shape.Heads / shape.KvHeads) + _plan.Fabric.KvSram.QueriesPerPort - 1) / _plan.Fabric.KvSram.QueriesPerPort;
        Vector(
            stage,
            "rotary",
            VectorKind.Element,
            (q.Width + k.Width) / q.HeadSize * traits.RotaryLength,
            0,
            new VectorStep(VectorStepKind.Rope, q.Id, q.Input, q.Windowed ? 1 : 0, q.Width, q.HeadSize),
            new VectorStep(VectorStepKind.Rope, k.Id, k.Input, k.Windowed ? 1 : 0, k.Width, k.HeadSize),
            new VectorStep(VectorStepKind.Store, -1, k.Id, attention.Value) { Region = region }
        );
        Add(ChipOperation.KvWrite, stage, "kv_write", count: layerOfRegion);
        Add(ChipOperation.Scores, stage, "scores", passes, layerOfRegion);
        Vector(
            stage,
            "softmax",
            VectorKind.Softmax,
            0,
            shape.Heads,
            new VectorStep(VectorStepKind.Softmax, -1, attention.Query, attention.Sinks is null ? -1 : Vector(attention.Sinks))
        );
        _steps.Add(new VectorStep(VectorStepKind.Values, attention.Id) { Region = region });
        Add(ChipOperation.Values, stage, "values", passes, layerOfRegion);
        _instructions[^1] = _instructions[^1] with { FirstStep = _steps.Count - 1, Steps = 1 };
    }

    private void EndLayer(int stage, AddOperator sum)
    {
        var (here, next) = (_config.RegionOfStage[stage], _config.RegionOfStage[stage + 1]);
        // Between stages of one cluster the residual stream stays where it is.
        if (here != next)
        {
            Add(ChipOperation.Forward, stage, "forward");
            _instructions[^1] = _instructions[^1] with { Target = next, FirstStep = _steps.Count };
            _steps.Add(new VectorStep(VectorStepKind.Forward, sum.Id, Count: sum.Width) { Region = here });
        }

        if (sum.Layer == _graph.Shape.Layers - 1)
            _instructions[^1] = _instructions[^1] with { EndsLayers = true };
    }

    private void Add(ChipOperation operation, int stage, string phase, int perPosition = 0, int count = 0) =>
        _instructions.Add(
            new ChipInstruction
            {
                Operation = operation,
                Stage = stage,
                Phase = phase,
                Region = _config.RegionOfStage[stage],
                PerPosition = perPosition,
                Count = count,
            }
        );

    private void Vector(int stage, string phase, VectorKind kind, int elements, int perPosition, params ReadOnlySpan<VectorStep> steps)
    {
        var first = _steps.Count;
        _steps.AddRange(_wires);
        _wires.Clear();
        foreach (var step in steps)
            _steps.Add(step with { Region = _config.RegionOfStage[stage] });
        _instructions.Add(
            new ChipInstruction
            {
                Operation = ChipOperation.Vector,
                Stage = stage,
                Phase = phase,
                Region = _config.RegionOfStage[stage],
                Kind = kind,
                FirstStep = first,
                Steps = _steps.Count - first,
                Elements = elements,
                PerPosition = perPosition,
            }
        );
    }
}
