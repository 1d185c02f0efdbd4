using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Reports.Sweeps;

/// <summary>What the evaluation of a design point says; the columns of the sweep's table.</summary>
public sealed record SweepFigures
{
    /// <summary>Why the point does not fit its fabric; null when it fits.</summary>
    public string? DoesNotFit { get; init; }

    /// <summary>Tokens per second that one user sees.</summary>
    public Interval? TokensPerSecondUser { get; init; }

    /// <summary>Tokens per second of all users together.</summary>
    public Interval? TokensPerSecondTotal { get; init; }

    /// <summary>Seconds to the first token.</summary>
    public Interval? TimeToFirstTokenSeconds { get; init; }

    /// <summary>Watts of the card.</summary>
    public Interval? Watts { get; init; }

    /// <summary>Joules per token.</summary>
    public Interval? JoulesPerToken { get; init; }

    /// <summary>Silicon of all dies, mm².</summary>
    public Interval? AreaMm2 { get; init; }

    /// <summary>Dollars per million tokens.</summary>
    public Interval? UsdPerMillionTokens { get; init; }

    /// <summary>Share of the fabric's sites in use.</summary>
    public double? SitesUsedFraction { get; init; }
}
