namespace TaalasSim.Reports.Charts;

/// <summary>Predictions beside measurements.</summary>
public sealed record ParityData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>The figure with its unit, e.g. <c>tokens/s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Pairs; groups share colour and marker.</summary>
    public required IReadOnlyList<ParityPoint> Points { get; init; }
}
