namespace TaalasSim.Compiler.Export.Masks;

/// <summary>How one tensor's stored bits change.</summary>
public sealed record TensorDifference
{
    /// <summary>Port or vector.</summary>
    public required string Tensor { get; init; }

    /// <summary>Stored bits compared.</summary>
    public required long Bits { get; init; }

    /// <summary>Bits that become one.</summary>
    public required long ViasAdded { get; init; }

    /// <summary>Bits that become zero.</summary>
    public required long ViasRemoved { get; init; }

    /// <summary>Why the bits cannot be compared (absent, other size or format); empty when they can.</summary>
    public string Incomparable { get; init; } = "";

    /// <summary>Bits that change.</summary>
    public long Changed => ViasAdded + ViasRemoved;
}
