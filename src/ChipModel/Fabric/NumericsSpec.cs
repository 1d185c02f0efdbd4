using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>The fabric's own arithmetic (<c>--numerics hardware</c>).</summary>
public sealed record NumericsSpec
{
    /// <summary>Bits of a quantised activation, 4…16, symmetric, one scale per vector.</summary>
    [FieldRange(4, 16, "bit")]
    public required int ActivationBits { get; init; }

    /// <summary>Bits of a stored key or value element: 4, 8 or 16 (16 is IEEE half).</summary>
    [FieldRange(4, 16, "bit")]
    public required int KvBits { get; init; }

    /// <summary>Precision of the vector unit: <c>fp32</c> or <c>fp16</c> results after each operation.</summary>
    public required string VectorPrecision { get; init; }

    /// <summary>Bits of an element on the vector lanes and in what layers keep between tokens.</summary>
    public int VectorBits => VectorPrecision == "fp16" ? 16 : 32;
}
