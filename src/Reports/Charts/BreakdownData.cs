using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>A total and its parts.</summary>
public sealed record BreakdownData
{
    /// <summary>Heading without the total, which is added.</summary>
    public required string Title { get; init; }

    /// <summary>The total with its interval; null takes the sum of the parts without one.</summary>
    public UncertaintyRange? Total { get; init; }

    /// <summary>Parts, drawn from the largest down.</summary>
    public required IReadOnlyList<BreakdownPart> Parts { get; init; }
}
