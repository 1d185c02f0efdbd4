namespace TaalasSim.Reports.Traces;

/// <summary>Traces replayed on systems.</summary>
public sealed record TraceReport
{
    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Each trace in words.</summary>
    public required IReadOnlyList<string> Traces { get; init; }

    /// <summary>What the figures of each system rest on; the reason where it cannot serve.</summary>
    public required IReadOnlyList<TraceBasis> Basis { get; init; }

    /// <summary>Configurations: trace by trace, replicas by replicas, system by system.</summary>
    public required IReadOnlyList<TraceRow> Rows { get; init; }
}
