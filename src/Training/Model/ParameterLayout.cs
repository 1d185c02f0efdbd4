using TaalasSim.Training.Corpus;

namespace TaalasSim.Training.Model;

/// <summary>Where each tensor lies in the flat array of a model's parameters; gradients and moments have the same layout.</summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterBlock> _blocks = [];

    /// <summary>The layout of a shape, in GGUF's usual order of tensors.</summary>
    public ParameterLayout(ModelShape shape)
    {
        Shape = shape;
        TokenEmbedding = Add("token_embd.weight", shape.Vocabulary, shape.Width);
        Layers =
        [
            .. Enumerable
                .Range(0, shape.Layers)
                .Select(i => new Layer(
                    AttentionNorm: Add($"blk.{i}.attn_norm.weight", 1, shape.Width),
                    Query: Add($"blk.{i}.attn_q.weight", shape.Width, shape.Width),
                    Key: Add($"blk.{i}.attn_k.weight", shape.KeyWidth, shape.Width),
                    Value: Add($"blk.{i}.attn_v.weight", shape.KeyWidth, shape.Width),
                    AttentionOutput: Add($"blk.{i}.attn_output.weight", shape.Width, shape.Width),
                    FeedForwardNorm: Add($"blk.{i}.ffn_norm.weight", 1, shape.Width),
                    Gate: Add($"blk.{i}.ffn_gate.weight", shape.FeedForward, shape.Width),
                    Up: Add($"blk.{i}.ffn_up.weight", shape.FeedForward, shape.Width),
                    Down: Add($"blk.{i}.ffn_down.weight", shape.Width, shape.FeedForward)
                )),
        ];
        OutputNorm = Add("output_norm.weight", 1, shape.Width);
        Output = Add("output.weight", shape.Vocabulary, shape.Width);
    }

    /// <summary>Tensors of one layer.</summary>
    public sealed record Layer(
        ParameterBlock AttentionNorm,
        ParameterBlock Query,
        ParameterBlock Key,
        ParameterBlock Value,
        ParameterBlock AttentionOutput,
        ParameterBlock FeedForwardNorm,
        ParameterBlock Gate,
        ParameterBlock Up,
        ParameterBlock Down
    );

    /// <summary>The shape laid out.</summary>
    public ModelShape Shape { get; }

    /// <summary>Every tensor, in order.</summary>
    public IReadOnlyList<ParameterBlock> Blocks => _blocks;

    /// <summary>Number of parameters.</summary>
    public int Count => _blocks[^1].Offset + _blocks[^1].Count;

    /// <summary>Vocabulary × Width.</summary>
    public ParameterBlock TokenEmbedding { get; }

    /// <summary>The layers' tensors, first layer first.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>Gain of the last norm.</summary>
    public ParameterBlock OutputNorm { get; }

    /// <summary>Vocabulary × Width; not tied to the embedding.</summary>
    public ParameterBlock Output { get; }

    /// <summary>
    /// Fresh parameters: gains 1, matrices normal with deviation 0.05, and those that write to the residual stream smaller by
    /// √(2·Layers) (Radford et al., "Language models are unsupervised multitask learners", 2019, section 2.3).
    /// </summary>
    public float[] Initialise(SeededRandom random)
    {
        var parameters = new float[Count];
        foreach (var block in _blocks)
        {
            var writesResidual = Layers.Any(l => block == l.AttentionOutput || block == l.Down);
            var deviation = 0.05 / (writesResidual ? Math.Sqrt(2 * Shape.Layers) : 1);
            foreach (ref var p in block.Of(parameters))
                p = block.IsNorm ? 1 : (float)(random.NextNormal() * deviation);
        }
        return parameters;
    }

    private ParameterBlock Add(string name, int rows, int columns)
    {
        var block = new ParameterBlock(name, rows, columns, _blocks.Count == 0 ? 0 : Count);
        _blocks.Add(block);
        return block;
    }
}
