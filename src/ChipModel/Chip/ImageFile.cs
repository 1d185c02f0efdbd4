using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>One file and its digest.</summary>
public sealed record ImageFile
{
    /// <summary>Name in the folder of the image, without any path.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of the file.</summary>
    [FieldRange(0, 1L << 46, "B")]
    public required long Bytes { get; init; }

    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}
