using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sweeps;

/// <summary>What the evaluation of a design point says; the columns of the sweep's table.</summary>
public sealed record SweepFigures
{
    /// <summary>Why the point does not fit its fabric; null when it fits.</summary>
    public string? DoesNotFit { get; init; }

    /// <summary>Tokens per second that one user sees.</summary>
    public UncertaintyRange? TokensPerSecondUser { get; init; }

    /// <summary>Tokens per second of all users together.</summary>
    public UncertaintyRange? TokensPerSecondTotal { get; init; }

    /// <summary>Time to the first token, µs.</summary>
    public UncertaintyRange? TimeToFirstTokenUs { get; init; }

    /// <summary>Watts of the card.</summary>
    public UncertaintyRange? Watts { get; init; }

    /// <summary>Joules per token.</summary>
    public UncertaintyRange? JoulesPerToken { get; init; }

    /// <summary>Silicon of all dies, mm².</summary>
    public UncertaintyRange? AreaMm2 { get; init; }

    /// <summary>Dollars per million tokens.</summary>
    public UncertaintyRange? UsdPerMillionTokens { get; init; }

    /// <summary>Silicon of one die, mm²; none on a GPU.</summary>
    public UncertaintyRange? DieMm2 { get; init; }

    /// <summary>Dollars that a card costs to make; none on a GPU.</summary>
    public UncertaintyRange? CardUsd { get; init; }

    /// <summary>Rows of bank sites of a die; none on a GPU.</summary>
    public double? SiteRows { get; init; }

    /// <summary>Users whose keys and values fit at once, whether or not there are slots for them.</summary>
    public double? KvUsers { get; init; }

    /// <summary>Measured perplexity of the model with the point's widths; null where nothing is known.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Measured KL divergence from the reference, nats; null where nothing is known.</summary>
    public double? KlDivergenceNats { get; init; }

    /// <summary>Measured share of positions with the reference's most likely token, 0…1; null where nothing is known.</summary>
    public double? SameTopShare { get; init; }

    /// <summary>Whether the figures are best estimates without intervals: nothing was drawn.</summary>
    public bool IsBestEstimate { get; init; }

    /// <summary>Share of the fabric's sites in use.</summary>
    public double? SitesUsedFraction { get; init; }
}
