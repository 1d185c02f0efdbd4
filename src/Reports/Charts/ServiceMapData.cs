using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Reports.Charts;

/// <summary>Speed against power of several systems.</summary>
public sealed record ServiceMapData
{
    /// <summary>Heading, e.g. the model and the service.</summary>
    public required string Title { get; init; }

    /// <summary>Points; those of one system are joined.</summary>
    public required IReadOnlyList<ServiceMapPoint> Points { get; init; }
}

/// <summary>One system at one service point.</summary>
public sealed record ServiceMapPoint
{
    /// <summary>System, e.g. <c>H200</c>; decides the colour.</summary>
    public required string System { get; init; }

    /// <summary>True for one user, false for the full batch; decides the marker.</summary>
    public required bool OneUser { get; init; }

    /// <summary>Power, above 0.</summary>
    public required Interval Watts { get; init; }

    /// <summary>Tokens per second that a user sees, above 0.</summary>
    public required Interval TokensPerSecondUser { get; init; }
}
