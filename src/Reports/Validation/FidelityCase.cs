using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Validation;

/// <summary>A model whose logits are known: <c>chips/measurements/fidelity.yaml</c>.</summary>
public sealed record FidelityCase
{
    /// <summary>GGUF file, relative to this description.</summary>
    public required string Model { get; init; }

    /// <summary>Fabric that it is compiled onto with its own codes.</summary>
    public required string Fabric { get; init; }

    /// <summary>Prompt token ids.</summary>
    [FieldRange(0, 1 << 26, "1")]
    public required List<int> Tokens { get; init; }

    /// <summary>SHA-256 of the little-endian float32 logits after each token, lower-case hexadecimal.</summary>
    public required string LogitsSha256 { get; init; }

    /// <summary>How the digest was made.</summary>
    public required string Source { get; init; }
}
