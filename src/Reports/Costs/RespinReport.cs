using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Costs;

/// <summary>A service that takes a new model every few months, on chips and on its alternatives.</summary>
public sealed record RespinReport
{
    /// <summary>Model of the first chip; later ones are taken to have its sizes.</summary>
    public required string Model { get; init; }

    /// <summary>Fabric.</summary>
    public required string Fabric { get; init; }

    /// <summary>Day of the price list.</summary>
    public required string PricesDate { get; init; }

    /// <summary>How often and how long.</summary>
    public required RespinPlan Plan { get; init; }

    /// <summary>Cards of each model.</summary>
    public required double Cards { get; init; }

    /// <summary>Million answer tokens a month that every system serves: what the chips make at their use.</summary>
    public required UncertaintyRange MillionTokensPerMonth { get; init; }

    /// <summary>Weeks from a finished model to cards; until then the model before it serves.</summary>
    public required UncertaintyRange Weeks { get; init; }

    /// <summary>Custom masks of a model, respins of its own included, USD.</summary>
    public required UncertaintyRange MasksUsd { get; init; }

    /// <summary>Engineering of a model and its share of the fabric, USD.</summary>
    public required UncertaintyRange OtherOneTimeUsd { get; init; }

    /// <summary>Wafers of a model.</summary>
    public required UncertaintyRange Wafers { get; init; }

    /// <summary>Cards of a model, USD, without servers.</summary>
    public required UncertaintyRange CardsUsd { get; init; }

    /// <summary>Electricity and hosting of all cards in a month, USD.</summary>
    public required UncertaintyRange RunningUsdPerMonth { get; init; }

    /// <summary>Months at which the cumulative costs are told: the start of every model, and the end.</summary>
    public required IReadOnlyList<int> Months { get; init; }

    /// <summary>The chip first, then the alternatives.</summary>
    public required IReadOnlyList<RespinSystem> Systems { get; init; }

    /// <summary>The answer, a sentence each.</summary>
    public required IReadOnlyList<string> Verdict { get; init; }
}
