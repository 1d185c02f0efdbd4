using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Advice;

/// <summary>One way to serve the traffic.</summary>
public sealed record AdviceRow
{
    /// <summary>Name.</summary>
    public required string System { get; init; }

    /// <summary>What it is: formats, engine, cards, date of a price.</summary>
    public required string Detail { get; init; }

    /// <summary>Equal systems that serve the traffic together; 0 for an API.</summary>
    public int Replicas { get; init; }

    /// <summary>What they do; null for an API, of which no times and powers are known, and where nothing can serve.</summary>
    public TraceFigures? Figures { get; init; }

    /// <summary>USD a month; null where nothing can serve or no price is known.</summary>
    public UncertaintyRange? UsdPerMonth { get; init; }

    /// <summary>What is known of the quality of its answers.</summary>
    public required string Quality { get; init; }

    /// <summary>Limits that it breaks; empty where it holds all that can be checked.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>Why it cannot serve; empty where it can.</summary>
    public string Unavailable { get; init; } = "";
}
