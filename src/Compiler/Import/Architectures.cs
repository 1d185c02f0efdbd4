using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Import;

/// <summary>The architectures that can be compiled, one row each. Where a row differs from Llama it follows llama.cpp.</summary>
public static class Architectures
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new() { Name = "llama", RopeNeox = false },
        new()
        {
            Name = "mistral3",
            RopeNeox = false,
            ReadsYarnKeys = true,
        },
        new() { Name = "qwen2", UsesOutputBias = true },
        new()
        {
            Name = "qwen2moe",
            ExpertWidth = ExpertWidthRule.OwnOrShare,
            SharedExpert = true,
            ExpertGating = ExpertGating.Softmax,
        },
        new() { Name = "qwen3" },
        new() { Name = "qwen3moe", ExpertWidth = ExpertWidthRule.OwnOrShare },
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
        },
        new()
        {
            Name = "gpt-oss",
            WindowPeriod = 2,
            Window = 128,
            WindowedRopeBase = 0,
            FeedForwardNormIsPostAttention = true,
            Activation = FeedForwardActivation.ClampedSwiglu,
            ExpertWidth = ExpertWidthRule.Own,
            ExpertGating = ExpertGating.SoftmaxOfChosen,
        },
        new()
        {
            Name = "olmo2",
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
            UsesRopeFrequencies = false,
            UsesBiases = false,
        },
        new() { Name = "dream", MaskToken = 151666 },
    ];

    /// <summary>The row of a name, or null.</summary>
    public static Architecture? Find(string name) => All.FirstOrDefault(a => a.Name == name);
}
