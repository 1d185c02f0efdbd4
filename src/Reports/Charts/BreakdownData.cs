using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Reports.Charts;

/// <summary>A total and its parts.</summary>
public sealed record BreakdownData
{
    /// <summary>Heading without the total, which is added.</summary>
    public required string Title { get; init; }

    /// <summary>Parts, drawn from the largest down.</summary>
    public required IReadOnlyList<BreakdownPart> Parts { get; init; }
}

/// <summary>One part of a total.</summary>
/// <param name="Name">Part in words.</param>
/// <param name="Value">Its share in the chart's unit, 0 or more, with its interval.</param>
public sealed record BreakdownPart(string Name, Interval Value);
