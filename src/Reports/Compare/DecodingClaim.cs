using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Reports.Compare;

/// <summary>A decoding method whose published speed-up is often multiplied with that of a chip. Read from
/// <c>chips/measurements/decoding.yaml</c>.</summary>
public sealed record DecodingClaim
{
    /// <summary>Name of the method.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Description { get; init; }

    /// <summary>Published speed-up on a GPU, and over what.</summary>
    [FieldRange(0.01, 1e6, "x")]
    public required Constant PublishedSpeedUp { get; init; }

    /// <summary>Tokens that a step reveals.</summary>
    [FieldRange(0.001, 1e6, "tokens")]
    public required Constant TokensPerStep { get; init; }

    /// <summary>Positions that a step computes.</summary>
    [FieldRange(1, 1 << 28, "positions")]
    public required Constant Block { get; init; }

    /// <summary>The products that circulate.</summary>
    [FieldRange(0.01, 1e6, "x")]
    public required Constant Headline { get; init; }
}
