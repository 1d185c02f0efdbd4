namespace TaalasSim.ChipModel.Chip;

/// <summary>
/// Sizes of a decoder language model: all that area, timing, power and cost need. Read from <c>chips/models/*.yaml</c> or from a model
/// file.
/// </summary>
public sealed record ModelShape
{
    /// <summary>Name for people, e.g. <c>Llama 3.1 8B</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings under which measurements name this model.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>GGUF architecture key, e.g. <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Number of decoder layers (blocks).</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>Query heads per layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads per layer; divides <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements per query and key head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Elements per value head; 0 means the same as <see cref="HeadSize"/>.</summary>
    public int ValueHeadSize { get; init; }

    /// <summary>Width of the (dense) feed-forward layer; 0 when every layer is a mixture of experts.</summary>
    public required int FeedForwardLength { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest context the model was trained for, in tokens.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Whether the output matrix is the embedding matrix.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Routed experts per mixture layer; 0 for a dense model.</summary>
    public int Experts { get; init; }

    /// <summary>Routed experts that each token uses.</summary>
    public int ExpertsUsed { get; init; }

    /// <summary>Width of one routed expert.</summary>
    public int ExpertFeedForwardLength { get; init; }

    /// <summary>Width of the shared expert beside the routed ones; 0 for none.</summary>
    public int SharedExpertFeedForwardLength { get; init; }

    /// <summary>Leading layers that stay dense in a mixture model.</summary>
    public int LeadingDenseLayers { get; init; }

    /// <summary>Sliding attention window in tokens; 0 for none.</summary>
    public int SlidingWindow { get; init; }

    /// <summary>Of every this many layers one sees everything and the others the window; 1 or 0: no layer is windowed, unless the window is
    /// set, then all are.</summary>
    public int SlidingWindowPeriod { get; init; }

    /// <summary>Rank of the joint key/value compression (multi-head latent attention); 0 for ordinary heads.</summary>
    public int KvLatentRank { get; init; }

    /// <summary>Rank of the query compression in latent attention; 0 for none.</summary>
    public int QueryLatentRank { get; init; }

    /// <summary>Rotary elements of the shared key in latent attention.</summary>
    public int RopeHeadSize { get; init; }

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
    public int CanvasBlock { get; init; }

    /// <summary>For a model that is not causal: answer tokens revealed in one step, on average.</summary>
    public double TokensPerStep { get; init; } = 1;

    /// <summary>Where the sizes come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether the feed-forward layer multiplies by a gate: three matrices, else two.</summary>
    public bool Gated => Architecture is not ("gptj" or "falcon" or "gpt2" or "gptneox" or "phi2" or "starcoder2" or "timesfm");

    /// <summary>Elements per value head.</summary>
    public int EffectiveValueHeadSize => ValueHeadSize > 0 ? ValueHeadSize : HeadSize;
}
