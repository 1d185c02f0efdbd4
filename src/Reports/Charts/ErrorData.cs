namespace TaalasSim.Reports.Charts;

/// <summary>Errors of predictions by group.</summary>
public sealed record ErrorData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>Groups from top to bottom.</summary>
    public required IReadOnlyList<ErrorGroup> Groups { get; init; }
}
