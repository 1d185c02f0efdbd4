using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Costs;

/// <summary>Another way to get the tokens.</summary>
public sealed record CostAlternative
{
    /// <summary>Name of the price list, e.g. <c>h200 rented</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>hourly</c>, <c>card</c> or <c>api</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Speed that one user sees alone on the card, tokens per second; null for an API.</summary>
    public required UncertaintyRange? TokensPerSecondUser { get; init; }

    /// <summary>USD per million answer tokens at full batch.</summary>
    public required UncertaintyRange? UsdPerMillionTokens { get; init; }

    /// <summary>USD per thousand requests of the shape, prompt and answer; on GPUs the prompt's time is in the answer's.</summary>
    public UncertaintyRange? UsdPerThousandRequests { get; init; }

    /// <summary>USD per million answer tokens at each of <see cref="CostReport.Utilisations"/>; the same everywhere for an API.</summary>
    public IReadOnlyList<UncertaintyRange> UsdPerMillionByUtilisation { get; init; } = [];

    /// <summary>USD a month at each of <see cref="CostReport.VolumesMillion"/>.</summary>
    public required IReadOnlyList<UncertaintyRange> UsdPerMonth { get; init; }

    /// <summary>Million tokens a month from which a card of the run is no dearer; infinite when never.</summary>
    public required UncertaintyRange? CrossOverMillionPerMonth { get; init; }

    /// <summary>The same when all one-time costs of the model are one's own.</summary>
    public required UncertaintyRange? OwnModelCrossOverMillionPerMonth { get; init; }

    /// <summary>Why it cannot be priced; empty when it can.</summary>
    public string Unavailable { get; init; } = "";
}
