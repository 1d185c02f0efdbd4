using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Figures;

/// <summary>Figures of one design point. Property names with underscores are the keys of machine-readable output.</summary>
public readonly record struct ChipFigures
{
    /// <summary>Answer tokens per second that each user sees.</summary>
    public required double TokensPerSecondUser { get; init; }

    /// <summary>Answer tokens per second of all users.</summary>
    public required double TokensPerSecondTotal { get; init; }

    /// <summary>From prompt to first answer token, seconds.</summary>
    public required Seconds TimeToFirstTokenSeconds { get; init; }

    /// <summary>All cards of one model at their plug under this load, W.</summary>
    public required Watts Watts { get; init; }

    /// <summary>The same without load, W.</summary>
    public required Watts IdleWatts { get; init; }

    /// <summary>Card energy per answer token, J.</summary>
    public required Joules JoulesPerToken { get; init; }

    /// <summary>Junction temperature, °C.</summary>
    public required double JunctionCelsius { get; init; }

    /// <summary>Part of the nominal clock that the heat path allows; rates are lowered by it.</summary>
    public required double ClockFraction { get; init; }

    /// <summary>One die, mm².</summary>
    public required Mm2 DieMm2 { get; init; }

    /// <summary>Good dies over gross dies (negative binomial; with spares after repair).</summary>
    public required double Yield { get; init; }

    /// <summary>Gross dies per wafer.</summary>
    public required double DiesPerWafer { get; init; }

    /// <summary>One good die, USD.</summary>
    public required Usd DieUsd { get; init; }

    /// <summary>All cards of one model at cost, one-time costs left out, USD.</summary>
    public required Usd CardUsd { get; init; }

    /// <summary>All cards of one model at their price, USD.</summary>
    public required Usd CardPriceUsd { get; init; }

    /// <summary>Masks of the two customised layers, without respins, USD.</summary>
    public required Usd CustomMasksUsd { get; init; }

    /// <summary>All other masks, once per fabric, USD.</summary>
    public required Usd BaseMasksUsd { get; init; }

    /// <summary>Custom masks, compilation and share of the platform for one model, USD.</summary>
    public required Usd OneTimeUsdPerModel { get; init; }

    /// <summary>All in, USD per million answer tokens.</summary>
    public required Usd UsdPerMillionTokens { get; init; }

    /// <summary>Part of <see cref="UsdPerMillionTokens"/> that writes off cards and one-time costs, USD.</summary>
    public required Usd WriteOffUsdPerMillionTokens { get; init; }

    /// <summary>Part of <see cref="UsdPerMillionTokens"/> that pays for space and power capital, USD.</summary>
    public required Usd HostingUsdPerMillionTokens { get; init; }

    /// <summary>Part of <see cref="UsdPerMillionTokens"/> that pays for electricity, USD.</summary>
    public required Usd ElectricityUsdPerMillionTokens { get; init; }

    /// <summary>Prompt tokens per second that stream one behind another; 0 where prompts are computed with the answer.</summary>
    public required double PromptTokensPerSecond { get; init; }

    /// <summary>Energy of all cards per prompt token, J; 0 as above.</summary>
    public required Joules JoulesPerPromptToken { get; init; }

    /// <summary>All in, USD per million prompt tokens; 0 as above.</summary>
    public required Usd UsdPerMillionPromptTokens { get; init; }

    /// <summary>All in, USD per thousand requests: prompt and answer.</summary>
    public required Usd UsdPerThousandRequests { get; init; }

    /// <summary>Weeks from finished model to cards.</summary>
    public required double TurnaroundWeeks { get; init; }

    /// <summary>Users of this shape whose keys and values fit the SRAM.</summary>
    public required double UsersInKvSram { get; init; }

    /// <summary>Users of this shape whose keys and values fit SRAM and HBM.</summary>
    public required double UsersHeld { get; init; }

    /// <summary>Users at which the busiest resource is always busy.</summary>
    public required double UsersToSaturate { get; init; }

    /// <summary>The busiest resource.</summary>
    public required FabricUnit BindingUnit { get; init; }
}
