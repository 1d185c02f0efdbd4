using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Advice;

/// <summary>What is asked: traffic, limits, and what may answer it.</summary>
public sealed record AdviceQuestion
{
    /// <summary>Traffic.</summary>
    public required TrafficSpec Traffic { get; init; }

    /// <summary>Limits.</summary>
    public required AdviceLimits Limits { get; init; }

    /// <summary>Cards, <c>CARD[:ENGINE[:WEIGHTS[:CARDS]]]</c>; with no number of cards as few as hold the model.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>Fabric of the chip, a name or a file.</summary>
    public required string Fabric { get; init; }

    /// <summary>Weight format of the chip; null for the fabric's.</summary>
    public string? Weights { get; init; }

    /// <summary>Table of <c>curve --csv</c> with the quality of the chip's widths; null where none was measured.</summary>
    public string? Quality { get; init; }

    /// <summary>What is ranked by.</summary>
    public AdviceRank Rank { get; init; }

    /// <summary>Threads, at least 1.</summary>
    public int Threads { get; init; } = 1;
}
