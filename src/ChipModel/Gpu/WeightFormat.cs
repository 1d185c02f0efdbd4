using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>How weights lie in memory and which matrix unit multiplies them.</summary>
/// <param name="Name">Name as measurements write it.</param>
/// <param name="BitsPerWeight">Stored bits per weight, scales included.</param>
/// <param name="OutputBitsPerWeight">Stored bits per weight of the output matrix, which some recipes keep wider.</param>
/// <param name="Unit">Width class of the multiplication: 16, 8 or 4 bits.</param>
/// <param name="Gguf">Whether it is a llama.cpp block format.</param>
public sealed record WeightFormat(string Name, double BitsPerWeight, double OutputBitsPerWeight, int Unit, bool Gguf)
{
    /// <summary>Whether the released recipe of a mixture model narrows its routed experts alone.</summary>
    public bool ExpertsOnly => Name == "mxfp4";

    /// <summary>Width class of the multiplication on a card: cards with a 4-bit unit multiply <c>mxfp4</c> weights by 8-bit
    /// activations.</summary>
    public int UnitOn(GpuSpeeds card) => Name == "mxfp4" && card.Matrix4 > 0 ? 8 : Unit;

    private static readonly WeightFormat[] Table =
    [
        new("bf16", 16, 16, 16, Gguf: false),
        new("fp16", 16, 16, 16, Gguf: false),
        new("f16", 16, 16, 16, Gguf: false),
        new("fp8", 8, 16, 8, Gguf: false),
        new("int8", 8, 16, 8, Gguf: false),
        new("w8a8", 8, 16, 8, Gguf: false),
        new("nvfp4", 4.5, 16, 4, Gguf: false),
        new("fp4", 4.5, 16, 4, Gguf: false),
        new("mxfp4", 4.25, 16, 16, Gguf: false),
        new("int4", 4.25, 16, 16, Gguf: false),
        new("awq", 4.25, 16, 16, Gguf: false),
        new("gptq", 4.25, 16, 16, Gguf: false),
        new("w4a16", 4.25, 16, 16, Gguf: false),
        // llama.cpp: bits of the repeating layers and of the output matrix in its default recipes.
        new("q8_0", 8.5, 8.5, 8, Gguf: true),
        new("q6_k", 6.5625, 6.5625, 8, Gguf: true),
        new("q5_k_m", 5.68, 6.5625, 8, Gguf: true),
        new("q5_k_s", 5.5, 6.5625, 8, Gguf: true),
        new("q5_0", 5.5, 6.5625, 8, Gguf: true),
        new("q4_k_m", 4.83, 6.5625, 8, Gguf: true),
        new("q4_k_s", 4.58, 6.5625, 8, Gguf: true),
        new("q4_0", 4.5, 6.5625, 8, Gguf: true),
        new("q3_k_m", 3.89, 6.5625, 8, Gguf: true),
        new("q2_k", 3.0, 6.5625, 8, Gguf: true),
    ];

    /// <summary>Finds a format by the first word of its name, e.g. <c>fp8 (assumed)</c>.</summary>
    /// <exception cref="InputException">The format is unknown.</exception>
    public static WeightFormat Find(string text) =>
        TryFind(text)
        ?? throw new InputException(
            $"weight format '{text}' is unknown{NearestName.Hint(text, Table.Select(f => f.Name))}; use one of "
                + $"{string.Join(", ", Table.Select(f => f.Name))}"
        );

    /// <summary>Finds a format by its name alone.</summary>
    /// <exception cref="InputException">The format is unknown.</exception>
    public static WeightFormat Named(string name) => Find(name.Replace(' ', '_'));

    /// <summary>Finds a format, or null.</summary>
    public static WeightFormat? TryFind(string text)
    {
        var word = text.Trim().Split(' ', 2)[0].ToLowerInvariant();
        return Array.Find(Table, f => f.Name == word);
    }

    /// <summary>Bytes per key or value element of a cache format.</summary>
    /// <exception cref="InputException">The format is unknown.</exception>
    public static double KvBytes(string text) =>
        text.Trim().Split(' ', 2)[0].ToLowerInvariant() switch
        {
            "bf16" or "fp16" or "f16" => 2,
            "fp8" or "int8" => 1,
            "q8_0" => 34.0 / 32,
            "fp4" or "nvfp4" => 0.5625,
            _ => throw new InputException($"key/value format '{text}' is unknown; use bf16, fp16, fp8, q8_0 or nvfp4"),
        };
}
