namespace TaalasSim.Compiler.Conversion;

/// <summary>How a model folder is converted.</summary>
public sealed record ConvertOptions
{
    /// <summary>Names of types.</summary>
    public static IReadOnlyList<string> Types { get; } = ["auto", "f32", "f16", "bf16", "q8_0"];

    /// <summary>What matrices are stored as; <c>auto</c> is bf16 or f16 as the folder has them.</summary>
    public string Type { get; init; } = "auto";

    /// <summary>Name of the model; null takes the folder's.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the pre-tokenizer; null finds it.</summary>
    public string? Pre { get; init; }
}
