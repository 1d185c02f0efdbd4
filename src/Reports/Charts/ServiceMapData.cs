namespace TaalasSim.Reports.Charts;

/// <summary>Speed against power of several systems.</summary>
public sealed record ServiceMapData
{
    /// <summary>Heading, e.g. the model and the service.</summary>
    public required string Title { get; init; }

    /// <summary>Points; those of one system are joined.</summary>
    public required IReadOnlyList<ServiceMapPoint> Points { get; init; }
}
