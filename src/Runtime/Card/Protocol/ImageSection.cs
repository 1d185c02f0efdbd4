namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>One section of a runtime image, as its 96-byte table entry describes it.</summary>
public sealed record ImageSection
{
    /// <summary>What it holds.</summary>
    public required ImageSectionKind Kind { get; init; }

    /// <summary>A loader that does not know the kind must refuse the image.</summary>
    public bool IsRequired { get; init; }

    /// <summary>1 … 16 printable ASCII characters.</summary>
    public required string Name { get; init; }

    /// <summary>From the start of the file, a multiple of 4096.</summary>
    public required long Offset { get; init; }

    /// <summary>Stored bytes, without the padding to the next section.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the stored bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }
}
