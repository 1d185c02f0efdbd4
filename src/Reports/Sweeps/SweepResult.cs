namespace TaalasSim.Reports.Sweeps;

/// <summary>A finished sweep.</summary>
public sealed record SweepResult
{
    /// <summary>Sweep.</summary>
    public required SweepSpec Spec { get; init; }

    /// <summary>Rows by point.</summary>
    public required IReadOnlyList<SweepRow> Rows { get; init; }

    /// <summary>What constraints and objectives say; null where there are none.</summary>
    public SweepVerdicts? Verdicts { get; init; }

    /// <summary>SHA-256 over the sweep and everything it was computed from.</summary>
    public required string Digest { get; init; }

    /// <summary>Points reused from an earlier, interrupted run.</summary>
    public required int Resumed { get; init; }
}
