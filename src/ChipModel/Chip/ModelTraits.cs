using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>What a decoder layer does beside its sizes: data from which the operator graph is built. Defaults are plain Llama.</summary>
public sealed record ModelTraits
{
    /// <summary>ε of the RMS norms.</summary>
    [FieldRange(0, 1, "1")]
    public required float NormEpsilon { get; init; }

    /// <summary>Rotated elements per head, from the first.</summary>
    [FieldRange(0, 1 << 16, "elements")]
    public required int RotaryLength { get; init; }

    /// <summary>Base of the rotary angles.</summary>
    [FieldRange(0, 1e30, "1")]
    public required float RopeBase { get; init; }

    /// <summary>Rotate pairs (j, j + n/2) instead of (2j, 2j + 1).</summary>
    public bool RopeNeox { get; init; }

    /// <summary>Base in windowed layers; 0 means the same base in all layers.</summary>
    [FieldRange(0, 1e30, "1")]
    public float RopeBaseWindowed { get; init; }

    /// <summary>Rotated elements per head in windowed layers; 0: as in the others.</summary>
    [FieldRange(0, 1 << 16, "elements")]
    public int WindowedRotaryLength { get; init; }

    /// <summary>What windowed layers share of the scaling below.</summary>
    public WindowedRope WindowedRope { get; init; }

    /// <summary>Linear position scaling factor; positions are multiplied by 1/factor.</summary>
    [FieldRange(1e-6, 1e9, "1")]
    public float RopeScalingFactor { get; init; } = 1;

    /// <summary>Factor on cosine and sine (attention factor).</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float RopeMagnitude { get; init; } = 1;

    /// <summary>YaRN interpolation with <see cref="RopeScalingFactor"/> and <see cref="OriginalContextLength"/>.</summary>
    public bool Yarn { get; init; }

    /// <summary>YaRN's fast and slow rotation bounds.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float YarnBetaFast { get; init; } = 32;

    /// <inheritdoc cref="YarnBetaFast"/>
    [FieldRange(-1e9, 1e9, "1")]
    public float YarnBetaSlow { get; init; } = 1;

    /// <summary>YaRN's magnitude is divided by that of this multiple of the logarithm (mistral3); 0 for none.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float YarnLogMultiplier { get; init; }

    /// <summary>Context length before it was extended, tokens; that of the model when it was not.</summary>
    [FieldRange(0, 1 << 30, "tokens")]
    public int OriginalContextLength { get; init; }

    /// <summary>Where the divisors of the rotary angles come from.</summary>
    public RopeFactors RopeFactors { get; init; }

    /// <summary>Windowed layers leave those divisors out (gemma4).</summary>
    public bool UnwindowedRopeFactors { get; init; }

    /// <summary>Pairs of a head that keep the angle of position 0: their positions are those of pictures, which text has none of
    /// (qwen3vl).</summary>
    [FieldRange(0, 1 << 16, "1")]
    public IReadOnlyList<int> StillPairs { get; init; } = [];

    /// <summary>Per layer, whether queries and keys are left unrotated; empty when every layer rotates them.</summary>
    public IReadOnlyList<bool> UnrotatedLayers { get; init; } = [];

    /// <summary>Factor on attention scores; 0 means 1/sqrt(head size).</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float AttentionScale { get; init; }

    /// <summary>The factor multiplies Q before it is rounded, not the score.</summary>
    public bool ScaleQuery { get; init; }

    /// <summary>
    /// Queries at position p are multiplied by 1 + this · ln(1 + floor(p / <see cref="OriginalContextLength"/>)), so that attention stays
    /// as sharp over long contexts (mistral3); 0 for none.
    /// </summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float AttentionTemperatureScale { get; init; }

    /// <summary>Positions of one step of the temperature; 0: <see cref="OriginalContextLength"/>.</summary>
    [FieldRange(0, 1 << 30, "tokens")]
    public int AttentionTemperatureLength { get; init; }

    /// <summary>Added to the position before it is divided into steps of the temperature.</summary>
    [FieldRange(0, 1 << 30, "tokens")]
    public int AttentionTemperatureOffset { get; init; }

    /// <summary>Only layers without rotary embedding have the temperature (llama4).</summary>
    public bool AttentionTemperatureUnrotated { get; init; }

    /// <summary>The window does not slide: a position sees those from the last multiple of the window on (llama4).</summary>
    public bool ChunkedWindow { get; init; }

    /// <summary>Soft cap on attention scores; 0 for none.</summary>
    [FieldRange(0, 1e9, "1")]
    public float AttentionSoftCap { get; init; }

    /// <summary>Soft cap on the final logits; 0 for none.</summary>
    [FieldRange(0, 1e9, "1")]
    public float FinalSoftCap { get; init; }

    /// <summary>Factor on embedding rows; 0 leaves them.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float EmbeddingScale { get; init; }

    /// <summary>Factor on the outputs of attention and feed-forward before they are added to the residual stream; 0 for none
    /// (granite).</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float ResidualScale { get; init; }

    /// <summary>Factor on the logits; 0 for none.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float LogitScale { get; init; }

    /// <summary>Per layer, whether attention sees only the window; empty when no layer is windowed.</summary>
    public IReadOnlyList<bool> WindowedLayers { get; init; } = [];

    /// <summary>Query, key and value are one matrix, with their rows in this order (phi3).</summary>
    public bool FusedQkv { get; init; }

    /// <summary>Gate and up are one matrix, with their rows in this order (phi3).</summary>
    public bool FusedGateUp { get; init; }

    /// <summary>Biases on query, key and value.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Bias on the attention output projection.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Biases on gate, up and down of a dense feed-forward layer.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Bias on the logits (some qwen2 models).</summary>
    public bool OutputBias { get; init; }

    /// <summary>
    /// Matrices (GGUF tensor names) whose product is multiplied by the vector of the same name that ends in <c>.scale</c>: one value, of
    /// experts one for each (NVFP4 models).
    /// </summary>
    public IReadOnlyList<string> ScaledMatrices { get; init; } = [];

    /// <summary>Norm of queries and keys before they are rotated.</summary>
    public QkNorm QkNorm { get; init; }

    /// <summary>Norm of values of each head, without weights (gemma3n, gemma4).</summary>
    public bool ValueNorm { get; init; }

    /// <summary>Layers may multiply what leaves them by a number of their own (gemma4).</summary>
    public bool LayerOutputScale { get; init; }

    /// <summary>Layers may lack the norm of queries or that of keys (glm4moe).</summary>
    public bool OptionalQkNorm { get; init; }

    /// <summary>Norms take the mean away first (cohere2).</summary>
    public bool CentredNorms { get; init; }

    /// <summary>Attention and feed-forward read the same norm, and both are added to the residual stream at the end (cohere2).</summary>
    public bool ParallelFeedForward { get; init; }

    /// <summary>Norms before attention and feed-forward (all but olmo2 and exaone4).</summary>
    public bool PreNorms { get; init; } = true;

    /// <summary>Norms on the branch outputs before the residual addition (gemma2, gemma3, olmo2).</summary>
    public bool PostNorms { get; init; }

    /// <summary>The norm before the feed-forward layer is the tensor <c>post_attention_norm</c> (gpt-oss).</summary>
    public bool FeedForwardNormIsPostAttention { get; init; }

    /// <summary>The last norm is the tensor <c>token_embd_norm</c> (lfm2).</summary>
    public bool OutputNormIsEmbeddingNorm { get; init; }

    /// <summary>One sink logit per query head.</summary>
    public bool AttentionSinks { get; init; }

    /// <summary>Activation of dense feed-forward layers and of experts.</summary>
    public FeedForwardActivation Activation { get; init; }

    /// <summary>First layers that keep of their gates only what is far above the mean (gemma3n).</summary>
    [FieldRange(0, 10_000, "layers")]
    public int SparseLayers { get; init; }

    /// <summary>How far, in standard deviations.</summary>
    [FieldRange(-100, 100, "1")]
    public float SparsityDeviations { get; init; }

    /// <summary>How experts are chosen and weighted; without meaning for dense models.</summary>
    public ExpertGating ExpertGating { get; init; }

    /// <summary>A bias of each expert counts in the choice, not in the weight.</summary>
    public bool ExpertChoiceBias { get; init; }

    /// <summary>Factor on the weights of the chosen experts; 0 for none.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public float ExpertWeightScale { get; init; }

    /// <summary>Groups of experts; those with the largest sums of their two best scores take part in the choice. 0 or 1 for none.</summary>
    [FieldRange(0, 1 << 16, "groups")]
    public int ExpertGroups { get; init; }

    /// <summary>Groups that take part.</summary>
    [FieldRange(0, 1 << 16, "groups")]
    public int ExpertGroupsUsed { get; init; }

    /// <summary>The weight multiplies the input of an expert, not its result (llama4).</summary>
    public bool WeighsExpertInput { get; init; }

    /// <summary>The shared expert is added as it is; else a router of its own weighs it (qwen2moe).</summary>
    public bool PlainSharedExpert { get; init; }

    /// <summary>The weight of the shared expert is a sigmoid of its own, not a quotient of two (qwen3next).</summary>
    public bool SigmoidSharedExpert { get; init; }

    /// <summary>Heads that share a key lie side by side, and the gates of heads are one matrix, group by group; else every group has one
    /// head before any has two, and gates and decays have a matrix each (qwen35).</summary>
    public bool GroupedDeltaHeads { get; init; }

    /// <summary>The norm before the feed-forward layer is the tensor <c>ffn_norm</c>, without <c>.weight</c> (falcon-h1).</summary>
    public bool BareFeedForwardNorm { get; init; }

    /// <summary>Layers may lack the norm of what their states say (falcon-h1).</summary>
    public bool OptionalStateNorm { get; init; }

    /// <summary>What enters a delta net is one matrix, group by group (older qwen3next files).</summary>
    public bool JoinedDeltaInput { get; init; }

    /// <summary>Gate and up of an expert are one matrix, the gate's outputs first.</summary>
    public bool JoinedExperts { get; init; }

    /// <summary>Biases on router and experts (gpt-oss).</summary>
    public bool ExpertBias { get; init; }

    /// <summary>Token that marks a position to be filled (diffusion models); −1 for none.</summary>
    [FieldRange(-1, 1 << 26, "1")]
    public int MaskToken { get; init; } = -1;

    /// <summary>Diffusion: position i is read from row i − 1.</summary>
    public bool ShiftLogits { get; init; }

    /// <summary>Factor on cosine and sine that llama.cpp hands to the rotation: with YaRN the magnitude of the whole model over that which
    /// the rotation puts in again. Every step rounds.</summary>
    public float AttentionFactor
    {
        get
        {
            if (!Yarn)
                return RopeMagnitude;
            var factor = 1 / (1 / RopeScalingFactor);
            var attention = Magnitude(factor, 1);
            if (YarnLogMultiplier != 0)
                attention /= Magnitude(factor, YarnLogMultiplier);
            return attention * (1.0f / (1.0f + (0.1f * MathF.Log(factor)))) * RopeMagnitude;

            static float Magnitude(float factor, float multiplier) => factor <= 1 ? 1 : (0.1f * multiplier * MathF.Log(factor)) + 1.0f;
        }
    }

    /// <summary>Name of the vector that holds the factors of a matrix of <see cref="ScaledMatrices"/>.</summary>
    public static string ScaleOf(string matrix) => System.IO.Path.ChangeExtension(matrix, ".scale");

    /// <summary>Whether attention of layer <paramref name="layer"/> sees only the window.</summary>
    public bool IsWindowed(int layer) => layer < WindowedLayers.Count && WindowedLayers[layer];

    /// <summary>Rotated elements of a head of windowed layers, or of the others.</summary>
    public int RotaryLengthOf(bool windowed) => windowed && WindowedRotaryLength > 0 ? WindowedRotaryLength : RotaryLength;

    /// <summary>Whether queries and keys of layer <paramref name="layer"/> are rotated.</summary>
    public bool IsRotated(int layer) => layer >= UnrotatedLayers.Count || !UnrotatedLayers[layer];
}
