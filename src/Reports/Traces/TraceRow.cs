namespace TaalasSim.Reports.Traces;

/// <summary>One configuration: a system, a number of its replicas and a load.</summary>
public sealed record TraceRow
{
    /// <summary>System.</summary>
    public required string System { get; init; }

    /// <summary>Equal systems that take turns.</summary>
    public required int Replicas { get; init; }

    /// <summary>Requests a second: requests after the first over the time to the last arrival; infinite where all come at once.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Figures; null where the system cannot serve the trace.</summary>
    public TraceFigures? Figures { get; init; }

    /// <summary>Why it cannot; empty where it can.</summary>
    public string Unavailable { get; init; } = "";
}
