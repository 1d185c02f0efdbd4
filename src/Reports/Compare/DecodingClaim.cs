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
    public required Constant PublishedSpeedUp { get; init; }

    /// <summary>Tokens that a step reveals.</summary>
    public required Constant TokensPerStep { get; init; }

    /// <summary>Positions that a step computes.</summary>
    public required Constant Block { get; init; }

    /// <summary>The products that circulate.</summary>
    public required Constant Headline { get; init; }
}
