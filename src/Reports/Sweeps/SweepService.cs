namespace TaalasSim.Reports.Sweeps;

/// <summary>Service shape of a design point.</summary>
public sealed record SweepService
{
    /// <summary>Prompt tokens per request, at least 1.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Answer tokens per request, at least 1.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Requests in flight, at least 1.</summary>
    public int Users { get; init; } = 1;
}
