using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>
/// Sizes of a decoder language model: all that area, timing, power and cost need. Read from <c>chips/models/*.yaml</c> or from a model
/// file.
/// </summary>
public sealed record ModelShape : ICheckedDescription
{
    // Every expert of every layer has matrices of its own on the chip.
    private const int MaximumExperts = 1 << 18;

    /// <summary>Name for people, e.g. <c>Llama 3.1 8B</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings under which measurements name this model.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>GGUF architecture key, e.g. <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Number of decoder layers (blocks).</summary>
    [FieldRange(1, 10_000, "layers")]
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    [FieldRange(1, 1 << 20, "elements")]
    public required int EmbeddingLength { get; init; }

    /// <summary>Query heads per layer.</summary>
    [FieldRange(1, 1 << 16, "heads")]
    public required int Heads { get; init; }

    /// <summary>Key/value heads per layer; divides <see cref="Heads"/>.</summary>
    [FieldRange(1, 1 << 16, "heads")]
    public required int KvHeads { get; init; }

    /// <summary>Elements per query and key head.</summary>
    [FieldRange(1, 1 << 16, "elements")]
    public required int HeadSize { get; init; }

    /// <summary>Elements per value head; 0 means the same as <see cref="HeadSize"/>.</summary>
    [FieldRange(0, 1 << 16, "elements")]
    public int ValueHeadSize { get; init; }

    /// <summary>Width of the (dense) feed-forward layer; 0 when every layer is a mixture of experts.</summary>
    [FieldRange(0, 1 << 24, "elements")]
    public required int FeedForwardLength { get; init; }

    /// <summary>Width of the (dense) feed-forward layer of every layer where they differ; empty: that of
    /// <see cref="FeedForwardLength"/> (gemma4).</summary>
    [FieldRange(1, 1 << 24, "elements")]
    public IReadOnlyList<int> FeedForwardLengths { get; init; } = [];

    /// <summary>Tokens in the vocabulary.</summary>
    [FieldRange(1, 1 << 26, "tokens")]
    public required int VocabularySize { get; init; }

    /// <summary>Longest context the model was trained for, in tokens.</summary>
    [FieldRange(1, 1 << 30, "tokens")]
    public required int ContextLength { get; init; }

    /// <summary>Whether the output matrix is the embedding matrix.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Routed experts per mixture layer; 0 for a dense model.</summary>
    [FieldRange(0, 1 << 16, "experts")]
    public int Experts { get; init; }

    /// <summary>Routed experts that each token uses.</summary>
    [FieldRange(0, 1 << 16, "experts")]
    public int ExpertsUsed { get; init; }

    /// <summary>Width of one routed expert.</summary>
    [FieldRange(0, 1 << 24, "elements")]
    public int ExpertFeedForwardLength { get; init; }

    /// <summary>Width of the shared expert beside the routed ones; 0 for none.</summary>
    [FieldRange(0, 1 << 24, "elements")]
    public int SharedExpertFeedForwardLength { get; init; }

    /// <summary>Whether the shared expert is a feed-forward layer beside the mixture: each has norms of its own before and behind it, and
    /// the router reads a third one (gemma4).</summary>
    public bool ExpertsBesideDense { get; init; }

    /// <summary>Leading layers that stay dense in a mixture model.</summary>
    [FieldRange(0, 10_000, "layers")]
    public int LeadingDenseLayers { get; init; }

    /// <summary>Of every this many layers the last is a mixture and the others are dense (llama4); 0 or 1: every one after the leading
    /// ones is a mixture.</summary>
    [FieldRange(0, 10_000, "layers")]
    public int MixturePeriod { get; init; }

    /// <summary>Sliding attention window in tokens; 0 for none.</summary>
    [FieldRange(0, 1 << 30, "tokens")]
    public int SlidingWindow { get; init; }

    /// <summary>Of every this many layers one sees everything and the others the window; 1 or 0: no layer is windowed, unless the window is
    /// set, then all are.</summary>
    [FieldRange(0, 10_000, "layers")]
    public int SlidingWindowPeriod { get; init; }

    /// <summary>Layers that see everything, from 0, where no period says which; empty: <see cref="SlidingWindowPeriod"/> does.</summary>
    [FieldRange(0, 10_000, "layers")]
    public IReadOnlyList<int> GlobalLayers { get; init; } = [];

    /// <summary>Elements of a head of queries, keys or values in windowed layers; 0: as in the others (gemma4).</summary>
    [FieldRange(0, 1 << 16, "elements")]
    public int WindowedHeadSize { get; init; }

    /// <summary>Key/value heads of windowed layers; 0: as in the others (gemma4).</summary>
    [FieldRange(0, 1 << 16, "heads")]
    public int WindowedKvHeads { get; init; }

    /// <summary>Whether layers that see everything have no matrix of values: what gives keys gives values as well (gemma4).</summary>
    public bool KeysAreValues { get; init; }

    /// <summary>Last layers that have no keys and values of their own: they read those of the last layer before them that has the same
    /// window (gemma3n, gemma4).</summary>
    [FieldRange(0, 10_000, "layers")]
    public int SharedKvLayers { get; init; }

    /// <summary>Copies of the residual stream that alternating updates keep; 0 or 1: one stream (gemma3n).</summary>
    [FieldRange(0, 64, "streams")]
    public int ResidualStreams { get; init; }

    /// <summary>Inner width of a low-rank layer beside attention, with streams; 0 for none (gemma3n).</summary>
    [FieldRange(0, 1 << 16, "elements")]
    public int LowRank { get; init; }

    /// <summary>Elements that every layer takes from an embedding of its own, by the token; 0 for none (gemma3n, gemma4).</summary>
    [FieldRange(0, 1 << 20, "elements")]
    public int LayerEmbeddingLength { get; init; }

    /// <summary>Rank of the joint key/value compression (multi-head latent attention); 0 for ordinary heads.</summary>
    [FieldRange(0, 1 << 20, "elements")]
    public int KvLatentRank { get; init; }

    /// <summary>Rank of the query compression in latent attention; 0 for none.</summary>
    [FieldRange(0, 1 << 20, "elements")]
    public int QueryLatentRank { get; init; }

    /// <summary>Rotary elements of the shared key in latent attention.</summary>
    [FieldRange(0, 1 << 16, "elements")]
    public int RopeHeadSize { get; init; }

    /// <summary>Layers with attention, from 0; empty: all. The others keep a state of fixed size in place of keys and values: gated short
    /// convolutions over the last tokens (lfm2), or what <see cref="Recurrence"/> says.</summary>
    [FieldRange(0, 10_000, "layers")]
    public IReadOnlyList<int> AttentionLayers { get; init; } = [];

    /// <summary>Layers that are a feed-forward layer alone, from 0; the others then have none. Empty: every layer has one after attention
    /// or state (nemotron_h).</summary>
    [FieldRange(0, 10_000, "layers")]
    public IReadOnlyList<int> FeedForwardLayers { get; init; } = [];

    /// <summary>Tokens that a convolution spans, its own included; 0 for a model without.</summary>
    [FieldRange(0, 1 << 10, "tokens")]
    public int ConvolutionLength { get; init; }

    /// <summary>States of layers without attention beside the convolved tokens; none for short convolutions.</summary>
    public RecurrenceShape? Recurrence { get; init; }

    /// <summary>Whether a gate of its own multiplies each element that leaves attention; it comes with the queries (qwen3next).</summary>
    public bool GatedAttention { get; init; }

    /// <summary>Whether branch outputs are normalised before they are added to the residual stream (gemma 2 and 3).</summary>
    public bool PostNorms { get; init; }

    /// <summary>Whether queries and keys are normalised before the rotary embedding (qwen3, gemma 3).</summary>
    public bool QkNorm { get; init; }

    /// <summary>False for diffusion models that see the whole canvas at once.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>
    /// For a model that is not causal: positions of the block that is decoded at a time, with exact keys and values of the text before
    /// it; 0 computes the whole canvas, prompt and answer, in every step.
    /// </summary>
    [FieldRange(0, 1 << 28, "positions")]
    public int CanvasBlock { get; init; }

    /// <summary>For a model that is not causal: answer tokens revealed in one step, on average.</summary>
    [FieldRange(0.001, 1e6, "tokens")]
    public double TokensPerStep { get; init; } = 1;

    /// <summary>Sizes of a model that forecasts a series in patches; none for language models.</summary>
    public PatchShape? Patches { get; init; }

    /// <summary>Where the sizes come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether the feed-forward layer multiplies by a gate: three matrices, else two.</summary>
    public bool Gated =>
        Architecture
            is not ("gptj" or "falcon" or "gpt2" or "gptneox" or "phi2" or "starcoder2" or "timesfm" or "nemotron_h" or "nemotron_h_moe");

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults()
    {
        if (KvHeads > 0 && Heads % KvHeads != 0)
            yield return new($"heads {Heads} must be a multiple of kv_heads ({KvHeads})", "heads", "kv_heads");
        if (Experts > 0 && (ExpertsUsed < 1 || ExpertFeedForwardLength < 1))
            yield return new(
                $"experts {Experts} need experts_used and expert_feed_forward_length of at least 1",
                "experts",
                "experts_used",
                "expert_feed_forward_length"
            );
        if (ExpertsUsed > Experts)
            yield return new($"experts_used {ExpertsUsed} must not exceed experts ({Experts})", "experts_used", "experts");
        if (LeadingDenseLayers > Layers)
            yield return new(
                $"leading_dense_layers {LeadingDenseLayers} must not exceed layers ({Layers})",
                "leading_dense_layers",
                "layers"
            );
        if (FeedForwardLength < 1 && (Experts == 0 || LeadingDenseLayers > 0 || MixturePeriod > 1))
            yield return new(
                $"feed_forward_length {FeedForwardLength} must be at least 1 where layers are dense",
                "feed_forward_length",
                "experts",
                "leading_dense_layers",
                "mixture_period"
            );
        foreach (var fault in BranchFaults().Concat(LayerFaults()))
            yield return fault;
        if (Patches is { } patches && VocabularySize != (long)patches.OutputPoints * patches.FiguresPerPoint)
            yield return new(
                $"vocabulary_size {VocabularySize} must be patches.output_points × figures_per_point "
                    + $"({(long)patches.OutputPoints * patches.FiguresPerPoint})",
                "vocabulary_size",
                "patches"
            );
        if (Patches is not null && (IsRecurrent || Experts > 0 || KvLatentRank > 0 || !Causal || TiedEmbeddings))
            yield return new(
                "patches are of causal models with attention and a dense feed-forward layer in every layer",
                "patches",
                "attention_layers",
                "experts",
                "kv_latent_rank",
                "causal",
                "tied_embeddings"
            );
        if ((long)Layers * Math.Max(1, Experts) > MaximumExperts)
            yield return new($"layers {Layers} × experts {Experts} must not exceed {MaximumExperts}", "layers", "experts");
    }

    // Which branches layers have.
    private IEnumerable<FieldFault> BranchFaults()
    {
        if (AttentionLayers.Distinct().Count() != AttentionLayers.Count || AttentionLayers.Any(layer => layer >= Layers))
            yield return new($"attention_layers must name layers below {Layers}, each once", "attention_layers", "layers");
        if (
            FeedForwardLayers.Distinct().Count() != FeedForwardLayers.Count
            || FeedForwardLayers.Any(layer => layer >= Layers || AttentionLayers.Contains(layer))
            || (FeedForwardLayers.Count > 0 && AttentionLayers.Count == 0)
        )
            yield return new(
                $"feed_forward_layers must name layers below {Layers} that attention_layers does not name, each once",
                "feed_forward_layers",
                "attention_layers",
                "layers"
            );
        if (IsRecurrent && (ConvolutionLength < 2 || KvLatentRank > 0 || !Causal))
            yield return new(
                $"convolution_length {ConvolutionLength} must be at least 2, and the model causal without latent attention, where layers "
                    + "have no attention",
                "convolution_length",
                "attention_layers",
                "kv_latent_rank",
                "causal"
            );
        if (Recurrence is not null && !IsRecurrent)
            yield return new("recurrence needs layers without attention; name those with it", "recurrence", "attention_layers");
        if (Recurrence is { BesideAttention: true } && (AttentionLayers.Count > 0 || FeedForwardLayers.Count > 0))
            yield return new(
                "recurrence.beside_attention is of models with attention in every layer",
                "recurrence",
                "attention_layers",
                "feed_forward_layers"
            );
        if (GatedAttention && KvLatentRank > 0)
            yield return new("gated_attention is not of latent attention", "gated_attention", "kv_latent_rank");
    }

    // What differs from layer to layer.
    private IEnumerable<FieldFault> LayerFaults()
    {
        if (WindowedKvHeads > 0 && Heads % WindowedKvHeads != 0)
            yield return new($"heads {Heads} must be a multiple of windowed_kv_heads ({WindowedKvHeads})", "windowed_kv_heads", "heads");
        if (FeedForwardLengths.Count > 0 && (FeedForwardLengths.Count != Layers || Experts > 0))
            yield return new(
                $"feed_forward_lengths needs one number for each of {Layers} layers, and no experts",
                "feed_forward_lengths",
                "layers",
                "experts"
            );
        if (ResidualStreams > 1 ? LowRank < 1 || LayerEmbeddingLength < 1 || Experts > 0 || !PostNorms : LowRank > 0)
            yield return new(
                "residual_streams come with low_rank, layer_embedding_length and post_norms, and without experts",
                "residual_streams",
                "low_rank",
                "layer_embedding_length",
                "post_norms",
                "experts"
            );
        if (GlobalLayers.Distinct().Count() != GlobalLayers.Count || GlobalLayers.Any(layer => layer >= Layers))
            yield return new($"global_layers must name layers below {Layers}, each once", "global_layers", "layers");
        if (SlidingWindow == 0 && (WindowedHeadSize > 0 || WindowedKvHeads > 0 || GlobalLayers.Count > 0))
            yield return new(
                "windowed_head_size, windowed_kv_heads and global_layers need a sliding_window",
                "sliding_window",
                "windowed_head_size",
                "windowed_kv_heads",
                "global_layers"
            );
        if (SharedKvLayers > 0 && (KvLatentRank > 0 || AttentionLayers.Count > 0 || Recurrence is not null || !Causal))
            yield return new(
                "shared_kv_layers is of causal models with plain attention in every layer",
                "shared_kv_layers",
                "kv_latent_rank",
                "attention_layers",
                "recurrence",
                "causal"
            );
        else if (AllLayers.Any(layer => KvSource(layer) < 0))
            yield return new(
                $"shared_kv_layers {SharedKvLayers} of {Layers} leaves a layer without an earlier one of its kind of window",
                "shared_kv_layers",
                "layers",
                "sliding_window_period",
                "global_layers"
            );
    }

    /// <summary>Whether attention of a layer sees the window alone.</summary>
    public bool IsWindowed(int layer) =>
        SlidingWindow > 0
        && (GlobalLayers.Count > 0 ? !GlobalLayers.Contains(layer) : SlidingWindowPeriod <= 1 || (layer + 1) % SlidingWindowPeriod != 0);

    /// <summary>Elements of a head of queries or keys of a layer.</summary>
    public int HeadSizeOf(int layer) => WindowedHeadSize > 0 && IsWindowed(layer) ? WindowedHeadSize : HeadSize;

    /// <summary>Elements of a head of values of a layer.</summary>
    public int ValueHeadSizeOf(int layer) => WindowedHeadSize > 0 && IsWindowed(layer) ? WindowedHeadSize : EffectiveValueHeadSize;

    /// <summary>Key/value heads of a layer.</summary>
    public int KvHeadsOf(int layer) => WindowedKvHeads > 0 && IsWindowed(layer) ? WindowedKvHeads : KvHeads;

    /// <summary>Width of the dense feed-forward layer of a layer.</summary>
    public int FeedForwardLengthOf(int layer) => layer < FeedForwardLengths.Count ? FeedForwardLengths[layer] : FeedForwardLength;

    /// <summary>The layer whose keys and values a layer with attention reads: its own, or for one of <see cref="SharedKvLayers"/> the last
    /// one before these with the same window; −1 where there is none.</summary>
    public int KvSource(int layer)
    {
        var own = Layers - SharedKvLayers;
        var source = layer;
        if (layer >= own)
            for (source = own - 1; source >= 0 && IsWindowed(source) != IsWindowed(layer); source--) { }
        return source;
    }

    /// <summary>Elements of keys and values that one token leaves in a layer.</summary>
    public long KvElementsOf(int layer) =>
        !HasAttention(layer) || KvSource(layer) != layer ? 0
        : KvLatentRank > 0 ? KvLatentRank + RopeHeadSize
        : KvHeadsOf(layer) * ((long)HeadSizeOf(layer) + ValueHeadSizeOf(layer));

    /// <summary>Elements of keys and values that one token leaves in all layers.</summary>
    public long KvElements => AllLayers.Sum(KvElementsOf);

    /// <summary>Weights of projections between the copies of the residual stream, of their routers, and of low-rank layers.</summary>
    public long StreamWeights =>
        ResidualStreams <= 1
            ? 0
            : (2L * (ResidualStreams - 1) * EmbeddingLength * EmbeddingLength)
                + ((long)Layers * EmbeddingLength * (ResidualStreams + (2 * LowRank)));

    /// <summary>Weights of the embedding that gives every layer a vector of its own by the token.</summary>
    public long LayerEmbeddingWeights => (long)VocabularySize * Layers * LayerEmbeddingLength;

    /// <summary>Whether a layer has attention; else it keeps a state.</summary>
    public bool HasAttention(int layer) => AttentionLayers.Count == 0 || AttentionLayers.Contains(layer);

    /// <summary>Layers with attention.</summary>
    public int AttentionLayerCount => AttentionLayers.Count == 0 ? Layers : AttentionLayers.Count;

    /// <summary>Layers that keep a state.</summary>
    public int RecurrentLayerCount =>
        Recurrence is { BesideAttention: true } ? Layers : Layers - AttentionLayerCount - FeedForwardLayers.Count;

    /// <summary>Whether a layer has a feed-forward layer, alone or after another branch.</summary>
    public bool HasFeedForward(int layer) => FeedForwardLayers.Count == 0 || FeedForwardLayers.Contains(layer);

    /// <summary>Layers with a feed-forward layer that is no mixture.</summary>
    public int DenseLayers => AllLayers.Count(layer => HasFeedForward(layer) && !IsMixture(layer));

    /// <summary>Elements of each token that a convolution spans.</summary>
    public long ConvolutionWidth => Recurrence?.ConvolutionWidth ?? EmbeddingLength;

    /// <summary>Elements of state that one user keeps over all layers, whatever the context: the convolved tokens before the next, and
    /// the states of heads.</summary>
    public long StateElements =>
        RecurrentLayerCount * ((Math.Max(0, ConvolutionLength - 1L) * ConvolutionWidth) + (Recurrence?.StateElements ?? 0));

    /// <summary>Whether layers keep a state that tokens change and that no longer tells what it was before them.</summary>
    public bool IsRecurrent => RecurrentLayerCount > 0;

    /// <summary>Whether a layer is a mixture of experts.</summary>
    public bool IsMixture(int layer) =>
        Experts > 0 && HasFeedForward(layer) && layer >= LeadingDenseLayers && (MixturePeriod <= 1 || (layer + 1) % MixturePeriod == 0);

    /// <summary>Layers that are mixtures of experts.</summary>
    public int MixtureLayers => AllLayers.Count(IsMixture);

    /// <summary>Elements per value head.</summary>
    public int EffectiveValueHeadSize => ValueHeadSize > 0 ? ValueHeadSize : HeadSize;

    // None for a number of layers that is refused.
    private IEnumerable<int> AllLayers => Enumerable.Range(0, Math.Max(0, Layers));
}
