using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Import;

/// <summary>The architectures that can be compiled, one row each. Where a row differs from Llama it follows llama.cpp.</summary>
public static class Architectures
{
    private static IReadOnlyList<string> LlamaVectors { get; } =
    [
        .. ArchitectureTensors.QkvBiases,
        ArchitectureTensors.AttentionOutputBias,
        .. ArchitectureTensors.FeedForwardBiases,
        ArchitectureTensors.RopeFrequencies,
    ];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
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
            SharedExpert = true,
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

    /// <summary>The row of a name, or null.</summary>
    public static Architecture? Find(string name) => All.FirstOrDefault(a => a.Name == name);
}
