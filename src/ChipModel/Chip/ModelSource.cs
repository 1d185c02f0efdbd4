namespace TaalasSim.ChipModel.Chip;

/// <summary>Which model file the weights came from.</summary>
public sealed record ModelSource
{
    /// <summary>File name without folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How weights were stored: <c>preserve</c>, a code format, or <c>auto</c> for formats chosen matrix by matrix.</summary>
    public required string Weights { get; init; }

    /// <summary>Adapters that act on the weights.</summary>
    public IReadOnlyList<AdapterSource> Adapters { get; init; } = [];
}
