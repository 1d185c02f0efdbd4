namespace TaalasSim.Reports.Sweeps;

/// <summary>One row of the sweep's table.</summary>
public sealed record SweepRow
{
    /// <summary>Index of the design point.</summary>
    public required int Point { get; init; }

    /// <summary>What became of it.</summary>
    public required SweepStatus Status { get; init; }

    /// <summary>One line; empty when it is well.</summary>
    public required string Reason { get; init; }

    /// <summary>Its figures; none unless it fits.</summary>
    public required SweepFigures Figures { get; init; }
}
