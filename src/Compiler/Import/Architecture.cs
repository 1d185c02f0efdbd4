using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Import;

/// <summary>What sets one GGUF architecture apart from plain Llama; the metadata of a file says the rest.</summary>
public sealed record Architecture
{
    /// <summary>Value of <c>general.architecture</c>, and prefix of its keys.</summary>
    public required string Name { get; init; }

    /// <summary>Token of a position to be filled, where the file names none; −1 for a model that decodes token by token.</summary>
    public int MaskToken { get; init; } = -1;

    /// <summary>Of every this many layers the last sees all tokens and the others a window; 0: all layers see all tokens.</summary>
    public uint WindowPeriod { get; init; }

    /// <summary>Whether the file lists which layers are windowed, and these have sizes of their own; widths of feed-forward layers and
    /// heads of keys may differ as well, and the last layers may read keys of earlier ones.</summary>
    public bool LayersDiffer { get; init; }

    /// <summary>Window in tokens where the file gives none; 0: then no layer has one.</summary>
    public int Window { get; init; }

    /// <summary>Whether the window does not slide, and has <see cref="Window"/> tokens whatever the file says.</summary>
    public bool ChunkedWindow { get; init; }

    /// <summary>Only models of this many layers have windows; 0: all.</summary>
    public int WindowedModelLayers { get; init; }

    /// <summary>Whether the file must give the window.</summary>
    public bool RequiresWindow { get; init; }

    /// <summary>Whether the rotary embedding must turn whole heads.</summary>
    public bool RotatesWholeHeads { get; init; }

    /// <summary>Whether the output matrix is the embedding whatever the file holds.</summary>
    public bool AlwaysTied { get; init; }

    /// <summary>Where the width of one expert comes from.</summary>
    public ExpertWidthRule ExpertWidth { get; init; }

    /// <summary>The expert that every token uses beside the routed ones.</summary>
    public SharedExpertRule SharedExpert { get; init; }

    /// <summary>How the router's scores become weights of the experts.</summary>
    public ExpertGating ExpertGating { get; init; } = ExpertGating.SoftmaxRenormalised;

    /// <summary>Whether a model without experts is none of this architecture.</summary>
    public bool RequiresExperts { get; init; }

    /// <summary>Whether a key names the router's function, instead of <see cref="ExpertGating"/> where it is there.</summary>
    public bool ReadsGating { get; init; }

    /// <summary>Whether keys say if the weights of the chosen experts are renormalised to one, and give their factor.</summary>
    public bool ReadsExpertWeights { get; init; }

    /// <summary>Whether the weight multiplies the input of an expert, not its result.</summary>
    public bool WeighsExpertInput { get; init; }

    /// <summary>Whether the first layers are dense where <c>leading_dense_block_count</c> says so.</summary>
    public bool ReadsLeadingDense { get; init; }

    /// <summary>Which layers are mixtures.</summary>
    public MixturePeriodRule MixturePeriod { get; init; }

    /// <summary>Activation of the feed-forward layer.</summary>
    public FeedForwardActivation Activation { get; init; } = FeedForwardActivation.Silu;

    /// <summary>Key of the norms' ε; null: it is 0 whatever the file says.</summary>
    public string? EpsilonKey { get; init; } = "attention.layer_norm_rms_epsilon";

    /// <summary>Whether norms take the mean away first.</summary>
    public bool CentredNorms { get; init; }

    /// <summary>Whether attention and feed-forward read the same norm and are added up at the end of the layer.</summary>
    public bool ParallelFeedForward { get; init; }

    /// <summary>Which layers leave queries and keys unrotated.</summary>
    public UnrotatedRule Unrotated { get; init; }

    /// <summary>How pairs of a head are shared out to the positions of text and pictures.</summary>
    public RopeSections RopeSections { get; init; }

    /// <summary>Whether the factors on embedding, attention scores and branches are read from the file.</summary>
    public bool ReadsScales { get; init; }

    /// <summary>What the key <c>logit_scale</c> does.</summary>
    public LogitScaleRule LogitScale { get; init; }

    /// <summary>Whether the last layers, which guess tokens ahead, may be told apart by <c>nextn_predict_layers</c>; they are not
    /// run.</summary>
    public bool GuessesAhead { get; init; }

    /// <summary>Which layers keep a state, and what it is.</summary>
    public StateRule States { get; init; }

    /// <summary>Whether values of states must be twice as wide as the model.</summary>
    public bool DoublesStateWidth { get; init; }

    /// <summary>Whether layers may lack the norm of what their states say.</summary>
    public bool OptionalStateNorm { get; init; }

    /// <summary>Whether the norm before the feed-forward layer has a name without <c>.weight</c>.</summary>
    public bool BareFeedForwardNorm { get; init; }

    /// <summary>Whether a key must be there that belongs to a part which is not run.</summary>
    public string? RequiredKey { get; init; }

    /// <summary>Whether gates of the output of attention come with the queries.</summary>
    public bool GatedAttention { get; init; }

    /// <summary>Whether heads that share a key lie side by side in delta nets, with their gates in one matrix.</summary>
    public bool GroupedDeltaHeads { get; init; }

    /// <summary>Whether the window, where the file gives one, is that of every layer with attention.</summary>
    public bool WindowsEveryLayer { get; init; }

    /// <summary>Whether the last norm has the name of one after the embedding.</summary>
    public bool OutputNormIsEmbeddingNorm { get; init; }

    /// <summary>Whether attention goes through latent vectors.</summary>
    public bool LatentAttention { get; init; }

    /// <summary>Norms before attention and feed-forward.</summary>
    public bool PreNorms { get; init; } = true;

    /// <summary>Norms on the outputs of attention and feed-forward, before they are added to the residual stream.</summary>
    public bool PostNorms { get; init; }

    /// <summary>What the norms of queries and keys span.</summary>
    public QkNorm QkNorm { get; init; } = QkNorm.None;

    /// <summary>Whether the values of each head have a norm without weights.</summary>
    public bool ValueNorm { get; init; }

    /// <summary>Whether gate and up of experts are one tensor where the file has it.</summary>
    public bool JoinsExperts { get; init; }

    /// <summary>Whether layers may lack the norms of queries and keys, each on its own.</summary>
    public bool OptionalQkNorm { get; init; }

    /// <summary>Models of this many experts have no norms of queries and keys; 0: all have them.</summary>
    public int ExpertsWithoutQkNorm { get; init; }

    /// <summary>Whether the norm before the feed-forward layer has the name of one after attention.</summary>
    public bool FeedForwardNormIsPostAttention { get; init; }

    /// <summary>Whether gate and up are one tensor where the file has no gate.</summary>
    public bool FusesGateUp { get; init; }

    /// <summary>Vectors used where the file has them, each on its own and in each layer on its own; names without <c>blk.N.</c></summary>
    public IReadOnlyList<string> Optional { get; init; } = ArchitectureTensors.QkvBiases;

    /// <summary>Vectors that every layer must have beside its norms; names without <c>blk.N.</c></summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Tensors that llama.cpp accepts and does not read; names without <c>blk.N.</c></summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether the file must hold an output matrix of its own.</summary>
    public bool RequiresOutput { get; init; }

    /// <summary>When the pair of rope factors for short and long contexts is used.</summary>
    public RopeFactorPair RopeFactorPair { get; init; }

    /// <summary>Rotate pairs (j, j + n/2) instead of (2j, 2j + 1).</summary>
    public bool RopeNeox { get; init; } = true;

    /// <summary>What windowed layers share of the scaling of positions.</summary>
    public WindowedRope WindowedRope { get; init; } = WindowedRope.Scaled;

    /// <summary>Base of the rotary angles in windowed layers where the file gives none (0: that of the other layers); null when the key is
    /// not read.</summary>
    public float? WindowedRopeBase { get; init; }

    /// <summary>Whether the bounds of YaRN and the scale of the attention temperature are read.</summary>
    public bool ReadsYarnKeys { get; init; }

    /// <summary>Factor, positions of a step and offset of the temperature of attention, in layers without rotary embedding; null: the file
    /// gives it.</summary>
    public (float Scale, int Length, int Offset)? UnrotatedTemperature { get; init; }

    /// <summary>Whether the base of the angles grows with <c>rope.scaling.alpha</c> (NTK-aware scaling).</summary>
    public bool ReadsRopeAlpha { get; init; }

    /// <summary>Models of this many layers scale attention by 1/sqrt(width / heads) instead of 1/sqrt(head size); 0 for none.</summary>
    public int LayersScaledByWidth { get; init; }

    /// <summary>Factor on attention scores; 0: 1/sqrt(head size), or what the file says.</summary>
    public float AttentionScale { get; init; }

    /// <summary>Whether the attention scale multiplies queries, not scores.</summary>
    public bool ScaleQuery { get; init; }

    /// <summary>Soft cap on attention scores where the file gives none; null when the key is not read.</summary>
    public float? AttentionSoftCap { get; init; }

    /// <summary>Soft cap on the logits where the file gives none (0: none); null when the key is not read.</summary>
    public float? FinalSoftCap { get; init; }

    /// <summary>Soft cap on the logits whatever the file says; 0: what <see cref="FinalSoftCap"/> says.</summary>
    public float FixedSoftCap { get; init; }

    /// <summary>Layers that have keys and values of their own; later ones read those of earlier ones. 0: all have.</summary>
    public int LayersWithKeys { get; init; }

    /// <summary>Copies of the residual stream, width of low-rank layers, elements of each layer's own vector; null: one stream.</summary>
    public (int Streams, int LowRank, int LayerEmbedding)? Streams { get; init; }

    /// <summary>First layers that keep of their gates only what is a number of standard deviations above the mean.</summary>
    public (int Layers, float Deviations) Sparsity { get; init; }

    /// <summary>Whether embedding rows are multiplied by the square root of their width.</summary>
    public bool ScalesEmbedding { get; init; }

    /// <summary>Whether the model fills a canvas of masked tokens instead of decoding token by token.</summary>
    public bool Diffusion => MaskToken >= 0;
}
