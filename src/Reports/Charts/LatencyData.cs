namespace TaalasSim.Reports.Charts;

/// <summary>Where the time of one token goes.</summary>
public sealed record LatencyData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>Stages from first to last, e.g. embedding, one layer, output.</summary>
    public required IReadOnlyList<LatencyStage> Stages { get; init; }
}
