namespace TaalasSim.Reports.Charts;

/// <summary>A series and how it may continue.</summary>
public sealed record FanData
{
    /// <summary>Title.</summary>
    public required string Title { get; init; }

    /// <summary>What the values are, on the vertical axis.</summary>
    public required string YLabel { get; init; }

    /// <summary>Known values, the oldest first; the last is point 0. NaN where one is missing.</summary>
    public required IReadOnlyList<double> Known { get; init; }

    /// <summary>[points to come][9]: the quantiles 0.1 to 0.9 of each.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Quantiles { get; init; }
}
