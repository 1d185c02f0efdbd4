using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Import;

/// <summary>The architectures that can be compiled, one row each, and those that other assemblies add with <see cref="Register"/>. Where a
/// row differs from Llama it follows llama.cpp.</summary>
public static class Architectures
{
    private static IReadOnlyList<string> LlamaVectors { get; } =
    [
        .. ArchitectureTensors.QkvBiases,
        ArchitectureTensors.AttentionOutputBias,
        .. ArchitectureTensors.FeedForwardBiases,
        ArchitectureTensors.RopeFrequencies,
    ];

    private static readonly Lock Gate = new();

    private static volatile IReadOnlyList<Architecture> rows =
    [
        new()
        {
            Name = "llama",
            RopeNeox = false,
            RotatesWholeHeads = true,
            Optional = LlamaVectors,
            RopeFactorPair = RopeFactorPair.WithLongRope,
        },
        new()
        {
            Name = "mistral3",
            RopeNeox = false,
            ReadsYarnKeys = true,
            Optional = LlamaVectors,
            RopeFactorPair = RopeFactorPair.WithLongRope,
        },
        new() { Name = "qwen2", Optional = [.. ArchitectureTensors.QkvBiases, ArchitectureTensors.OutputBias] },
        new()
        {
            Name = "qwen2moe",
            ExpertWidth = ExpertWidthRule.OwnOrShare,
            SharedExpert = SharedExpertRule.Weighed,
            ExpertGating = ExpertGating.Softmax,
            RequiresOutput = true,
        },
        new()
        {
            Name = "qwen3",
            QkNorm = QkNorm.Head,
            Ignored = ["cls.output.weight"],
        },
        new()
        {
            Name = "qwen3moe",
            QkNorm = QkNorm.Head,
            ExpertWidth = ExpertWidthRule.OwnOrShare,
        },
        new()
        {
            Name = "gemma2",
            AlwaysTied = true,
            WindowPeriod = 2,
            Window = 4096,
            WindowedRopeBase = 0,
            PostNorms = true,
            Activation = FeedForwardActivation.Gelu,
            LayersScaledByWidth = 46,
            ScaleQuery = true,
            AttentionSoftCap = 50,
            FinalSoftCap = 30,
            ScalesEmbedding = true,
        },
        new()
        {
            Name = "gemma3",
            QkNorm = QkNorm.Head,
            Ignored = ["dense_2.weight", "dense_3.weight"],
            WindowPeriod = 6,
            WindowedRopeBase = 10000,
            WindowedRope = WindowedRope.Unscaled,
            PostNorms = true,
            Activation = FeedForwardActivation.Gelu,
            LayersScaledByWidth = 62,
            ScaleQuery = true,
            FinalSoftCap = 0,
            ScalesEmbedding = true,
        },
        new()
        {
            Name = "gemma3n",
            QkNorm = QkNorm.Head,
            ValueNorm = true,
            Optional = [],
            WindowPeriod = 5,
            RequiresWindow = true,
            WindowedRopeBase = 10000,
            WindowedRope = WindowedRope.Unscaled,
            PostNorms = true,
            Activation = FeedForwardActivation.Gelu,
            AttentionScale = 1,
            FixedSoftCap = 30,
            ScalesEmbedding = true,
            LayersWithKeys = 20,
            Streams = (4, 64, 256),
            // The 95th percentile of a normal distribution.
            Sparsity = (10, 1.6448533535003662f),
        },
        new()
        {
            Name = "gemma4",
            LayersDiffer = true,
            RotatesWholeHeads = true,
            QkNorm = QkNorm.Head,
            ValueNorm = true,
            Optional = [ArchitectureTensors.LayerOutputScale],
            RequiresWindow = true,
            WindowedRopeBase = 10000,
            WindowedRope = WindowedRope.Unscaled,
            PostNorms = true,
            Activation = FeedForwardActivation.Gelu,
            AttentionScale = 1,
            ExpertWidth = ExpertWidthRule.Own,
            SharedExpert = SharedExpertRule.BesideDense,
            JoinsExperts = true,
            FinalSoftCap = 30,
            ScalesEmbedding = true,
        },
        new()
        {
            Name = "phi3",
            FusesGateUp = true,
            ScaleQuery = true,
            RopeFactorPair = RopeFactorPair.Always,
        },
        new()
        {
            Name = "gpt-oss",
            RequiresOutput = true,
            Required = [ArchitectureTensors.AttentionOutputBias, ArchitectureTensors.AttentionSinks, .. ArchitectureTensors.ExpertBiases],
            WindowPeriod = 2,
            RequiresWindow = true,
            WindowedRopeBase = 0,
            FeedForwardNormIsPostAttention = true,
            Activation = FeedForwardActivation.ClampedSwiglu,
            ExpertWidth = ExpertWidthRule.Own,
            ExpertGating = ExpertGating.SoftmaxOfChosen,
        },
        new()
        {
            Name = "olmo2",
            RequiresOutput = true,
            WindowPeriod = 4,
            WindowedRope = WindowedRope.Plain,
            PreNorms = false,
            PostNorms = true,
            QkNorm = QkNorm.Projection,
        },
        new()
        {
            Name = "gemma",
            AlwaysTied = true,
            Activation = FeedForwardActivation.Gelu,
            ScaleQuery = true,
            ScalesEmbedding = true,
        },
        new()
        {
            Name = "olmoe",
            RotatesWholeHeads = true,
            RequiresOutput = true,
            Optional = [],
            Ignored = [.. ArchitectureTensors.QkvBiases.Take(3)],
            QkNorm = QkNorm.Projection,
            ExpertWidth = ExpertWidthRule.Dense,
            ExpertGating = ExpertGating.Softmax,
        },
        Granite("granite", UnrotatedRule.UnlessFinetuned),
        Granite("granitehybrid", UnrotatedRule.UnlessFinetuned) with
        {
            RotatesWholeHeads = false,
            States = StateRule.Mamba2,
            DoublesStateWidth = true,
            LogitScale = LogitScaleRule.DividesWhereGiven,
        },
        new()
        {
            Name = "falcon-h1",
            States = StateRule.Mamba2BesideAttention,
            OptionalStateNorm = true,
            BareFeedForwardNorm = true,
            Optional = [.. ArchitectureTensors.QkvBiases, .. ArchitectureTensors.FeedForwardBiases],
            Ignored = [ArchitectureTensors.AttentionOutputBias, ArchitectureTensors.RopeFrequencies],
        },
        NemotronH("nemotron_h"),
        NemotronH("nemotron_h_moe") with
        {
            ExpertWidth = ExpertWidthRule.Own,
            SharedExpert = SharedExpertRule.Given,
            ExpertGating = ExpertGating.SigmoidRenormalised,
            ReadsExpertWeights = true,
            Required = [ArchitectureTensors.ExpertChoiceBias],
            RequiresExperts = true,
        },
        Granite("granitemoe", UnrotatedRule.None),
        new()
        {
            Name = "smollm3",
            RopeNeox = false,
            RotatesWholeHeads = true,
            Unrotated = UnrotatedRule.EveryFourth,
        },
        new()
        {
            Name = "exaone4",
            RotatesWholeHeads = true,
            GuessesAhead = true,
            Optional = [.. ArchitectureTensors.QkvBiases, ArchitectureTensors.RopeFrequencies],
            WindowPeriod = 4,
            Window = 4096,
            WindowedModelLayers = 64,
            PreNorms = false,
            PostNorms = true,
            QkNorm = QkNorm.Head,
            Unrotated = UnrotatedRule.WithoutWindow,
        },
        new()
        {
            Name = "seed_oss",
            RotatesWholeHeads = true,
            FeedForwardNormIsPostAttention = true,
        },
        new()
        {
            Name = "cohere2",
            RopeNeox = false,
            AlwaysTied = true,
            WindowPeriod = 4,
            RequiresWindow = true,
            EpsilonKey = "attention.layer_norm_epsilon",
            CentredNorms = true,
            ParallelFeedForward = true,
            Unrotated = UnrotatedRule.WithoutWindow,
            LogitScale = LogitScaleRule.Multiplies,
        },
        new()
        {
            Name = "qwen2vl",
            RotatesWholeHeads = true,
            RopeSections = RopeSections.Blocks,
            EpsilonKey = null,
            Optional = [.. ArchitectureTensors.QkvBiases],
            Ignored = [ArchitectureTensors.OutputBias],
        },
        new()
        {
            Name = "qwen3vl",
            RotatesWholeHeads = true,
            RopeSections = RopeSections.Interleaved,
            QkNorm = QkNorm.Head,
            Ignored = ["cls.output.weight"],
        },
        new()
        {
            Name = "glm4moe",
            GuessesAhead = true,
            Optional = [.. ArchitectureTensors.QkvBiases, "attn_q_norm.weight", "attn_k_norm.weight"],
            Required = [ArchitectureTensors.ExpertChoiceBias],
            RopeSections = RopeSections.OptionalBlocks,
            QkNorm = QkNorm.Head,
            OptionalQkNorm = true,
            FeedForwardNormIsPostAttention = true,
            ExpertWidth = ExpertWidthRule.Own,
            SharedExpert = SharedExpertRule.Counted,
            ExpertGating = ExpertGating.SigmoidRenormalised,
            ReadsGating = true,
            ReadsExpertWeights = true,
            ReadsLeadingDense = true,
            RequiresExperts = true,
        },
        new()
        {
            Name = "minimax-m2",
            RequiresOutput = true,
            Required = [ArchitectureTensors.ExpertChoiceBias],
            QkNorm = QkNorm.Projection,
            ExpertWidth = ExpertWidthRule.Dense,
            ExpertGating = ExpertGating.SigmoidRenormalised,
            ReadsGating = true,
            RequiresExperts = true,
        },
        new()
        {
            Name = "ernie4_5",
            RopeNeox = false,
            RotatesWholeHeads = true,
            Ignored = [ArchitectureTensors.AttentionOutputBias],
        },
        new()
        {
            Name = "ernie4_5-moe",
            RopeNeox = false,
            RotatesWholeHeads = true,
            Optional = [.. ArchitectureTensors.QkvBiases, ArchitectureTensors.ExpertChoiceBias],
            Ignored = [ArchitectureTensors.AttentionOutputBias],
            ExpertWidth = ExpertWidthRule.Own,
            SharedExpert = SharedExpertRule.Plain,
            ReadsLeadingDense = true,
            MixturePeriod = MixturePeriodRule.One,
            RequiresExperts = true,
        },
        new()
        {
            Name = "hunyuan-dense",
            RotatesWholeHeads = true,
            ReadsRopeAlpha = true,
            QkNorm = QkNorm.HeadAfterRope,
        },
        new()
        {
            Name = "hunyuan-moe",
            RotatesWholeHeads = true,
            QkNorm = QkNorm.HeadAfterRope,
            ExpertWidth = ExpertWidthRule.Dense,
            SharedExpert = SharedExpertRule.PlainOrDense,
            RequiresExperts = true,
        },
        new()
        {
            Name = "llama4",
            RopeNeox = false,
            RotatesWholeHeads = true,
            Optional = [.. ArchitectureTensors.QkvBiases, ArchitectureTensors.RopeFrequencies],
            Window = 8192,
            WindowPeriod = 4,
            ChunkedWindow = true,
            WindowedRopeBase = 0,
            QkNorm = QkNorm.PlainHeadAfterRope,
            ExpertsWithoutQkNorm = 128,
            Unrotated = UnrotatedRule.EveryFourth,
            UnrotatedTemperature = (0.1f, 8192, 1),
            ExpertWidth = ExpertWidthRule.Own,
            SharedExpert = SharedExpertRule.AsRouted,
            ExpertGating = ExpertGating.SigmoidOfChosen,
            WeighsExpertInput = true,
            MixturePeriod = MixturePeriodRule.Interleaved,
            RequiresExperts = true,
        },
        new()
        {
            Name = "lfm2",
            States = StateRule.ShortConvolution,
            WindowsEveryLayer = true,
            Ignored = ["dense_2.weight", "dense_2.bias"],
            OutputNormIsEmbeddingNorm = true,
            QkNorm = QkNorm.Head,
        },
        new()
        {
            Name = "lfm2moe",
            States = StateRule.ShortConvolution,
            Required = [ArchitectureTensors.ExpertChoiceBias],
            Ignored = ["dense_2.weight", "dense_2.bias"],
            OutputNormIsEmbeddingNorm = true,
            QkNorm = QkNorm.Head,
            ExpertWidth = ExpertWidthRule.Own,
            ExpertGating = ExpertGating.SigmoidRenormalised,
            ReadsGating = true,
            ReadsLeadingDense = true,
            RequiresExperts = true,
        },
        DeltaNet("qwen35") with
        {
            RopeSections = RopeSections.Interleaved,
        },
        DeltaNet("qwen35moe") with
        {
            RopeSections = RopeSections.Interleaved,
            ExpertWidth = ExpertWidthRule.OwnOrShare,
            SharedExpert = SharedExpertRule.WeighedBySigmoid,
            JoinsExperts = true,
            RequiresExperts = true,
        },
        DeltaNet("qwen3next") with
        {
            GroupedDeltaHeads = true,
            ExpertWidth = ExpertWidthRule.OwnOrShare,
            SharedExpert = SharedExpertRule.WeighedBySigmoid,
            JoinsExperts = true,
            RequiresExperts = true,
        },
        Latent("deepseek2"),
        Latent("mistral4"),
        new()
        {
            Name = "llada",
            MaskToken = 126336,
            RopeNeox = false,
            Optional = [],
            Ignored =
            [
                ArchitectureTensors.RopeFrequencies,
                ArchitectureTensors.AttentionOutputBias,
                .. ArchitectureTensors.FeedForwardBiases,
            ],
        },
        new()
        {
            Name = "dream",
            MaskToken = 151666,
            Ignored = [ArchitectureTensors.OutputBias],
        },
    ];

    // Four factors: on embedding, attention scores, branches and logits.
    private static Architecture Granite(string name, UnrotatedRule unrotated) =>
        new()
        {
            Name = name,
            RopeNeox = false,
            RotatesWholeHeads = true,
            Optional = LlamaVectors,
            RopeFactorPair = RopeFactorPair.WithLongRope,
            ReadsScales = true,
            LogitScale = LogitScaleRule.Divides,
            Unrotated = unrotated,
            ExpertWidth = ExpertWidthRule.Dense,
            SharedExpert = SharedExpertRule.Plain,
        };

    // Every layer is one branch: Mamba-2, attention without rotation, or a feed-forward layer without a gate.
    private static Architecture NemotronH(string name) =>
        new()
        {
            Name = name,
            States = StateRule.Mamba2OrFeedForward,
            GuessesAhead = true,
            RequiredKey = "attention.layer_norm_epsilon",
            Unrotated = UnrotatedRule.All,
            Activation = FeedForwardActivation.SquaredRelu,
            Optional =
            [
                .. ArchitectureTensors.QkvBiases,
                ArchitectureTensors.AttentionOutputBias,
                .. ArchitectureTensors.FeedForwardBiases.Skip(1),
            ],
        };

    // Gated delta nets, and gated attention in every fourth layer. Biases of queries, keys and values are not read.
    private static Architecture DeltaNet(string name) =>
        new()
        {
            Name = name,
            States = StateRule.DeltaNet,
            GuessesAhead = true,
            GatedAttention = true,
            QkNorm = QkNorm.Head,
            FeedForwardNormIsPostAttention = true,
            Optional = [],
            Ignored = [.. ArchitectureTensors.QkvBiases.Take(3)],
        };

    // Multi-head latent attention before experts, of which one is shared; the first layers are dense.
    private static Architecture Latent(string name) =>
        new()
        {
            Name = name,
            RopeNeox = false,
            LatentAttention = true,
            GuessesAhead = true,
            Optional = [ArchitectureTensors.ExpertChoiceBias],
            ExpertWidth = ExpertWidthRule.Own,
            SharedExpert = SharedExpertRule.Counted,
            JoinsExperts = true,
            ReadsGating = true,
            ReadsExpertWeights = true,
            ReadsLeadingDense = true,
            RequiresExperts = true,
        };

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Architecture> All => rows;

    /// <summary>The row of a name, or null.</summary>
    public static Architecture? Find(string name) => All.FirstOrDefault(a => a.Name == name);

    /// <summary>Adds a row of another assembly; it is taken out again when the result is disposed.</summary>
    /// <exception cref="ArgumentException">Its name is taken.</exception>
    public static IDisposable Register(Architecture row)
    {
        lock (Gate)
        {
            if (Find(row.Name) is not null)
                throw new ArgumentException($"architecture '{row.Name}' is there already", nameof(row));
            rows = [.. rows, row];
        }

        return new Registration(row);
    }

    private sealed class Registration(Architecture row) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
                rows = [.. rows.Where(r => !ReferenceEquals(r, row))];
        }
    }
}
