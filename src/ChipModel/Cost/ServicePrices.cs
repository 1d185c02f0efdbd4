using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Cost;

/// <summary>How cards are used.</summary>
public sealed record ServicePrices
{
    /// <summary>Years over which a card is written off.</summary>
    [FieldRange(0.1, 100, "years")]
    public required Constant LifeYears { get; init; }

    /// <summary>Share of the time under load, 0…1.</summary>
    [FieldRange(0.001, 1, "fraction")]
    public required Constant Utilisation { get; init; }

    /// <summary>Mean number of further custom mask pairs per model.</summary>
    [FieldRange(0, 100, "1")]
    public required Constant Respins { get; init; }

    /// <summary>Engineering per model, USD.</summary>
    [FieldRange(0, 1e9, "USD")]
    public required Constant CompileUsd { get; init; }

    /// <summary>Cards made of one model.</summary>
    [FieldRange(1, 1e9, "cards")]
    public required Constant CardsPerModel { get; init; }

    /// <summary>Models that share one fabric's design and base masks.</summary>
    [FieldRange(1, 1e6, "models")]
    public required Constant ModelsPerPlatform { get; init; }
}
