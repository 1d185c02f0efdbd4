using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>Which adapter file was used, and how.</summary>
public sealed record AdapterSource
{
    /// <summary>File name without folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The user's factor.</summary>
    [FieldRange(-1e9, 1e9, "1")]
    public required float Scale { get; init; }

    /// <summary><c>merged</c> into the hard-wired weights, or <c>sram</c>.</summary>
    public required string Placement { get; init; }
}
