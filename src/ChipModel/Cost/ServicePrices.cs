using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

/// <summary>How cards are used.</summary>
public sealed record ServicePrices
{
    /// <summary>Years over which a card is written off.</summary>
    public required Constant LifeYears { get; init; }

    /// <summary>Share of the time under load, 0…1.</summary>
    public required Constant Utilisation { get; init; }

    /// <summary>Mean number of further custom mask pairs per model.</summary>
    public required Constant Respins { get; init; }

    /// <summary>Engineering per model, USD.</summary>
    public required Constant CompileUsd { get; init; }

    /// <summary>Cards made of one model.</summary>
    public required Constant CardsPerModel { get; init; }

    /// <summary>Models that share one fabric's design and base masks.</summary>
    public required Constant ModelsPerPlatform { get; init; }
}
