namespace TaalasSim.Reports.Costs;

/// <summary>What a chip costs to make, to change and to run, beside renting, buying and calling.</summary>
public sealed record CostReport
{
    /// <summary>Volumes of the table, million tokens a month.</summary>
    public static IReadOnlyList<double> VolumesMillion { get; } = [1, 10, 100, 1_000, 10_000, 100_000];

    /// <summary>Shares of the time under load in the table by utilisation.</summary>
    public static IReadOnlyList<double> Utilisations { get; } = [0.1, 0.25, 0.5, 0.75, 1];

    /// <summary>Months of the table by write-off: a chip serves one model, and models age.</summary>
    public static IReadOnlyList<int> WriteOffMonths { get; } = [12, 18, 24];

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the fabric.</summary>
    public required string Fabric { get; init; }

    /// <summary>Price list.</summary>
    public required string Prices { get; init; }

    /// <summary>Day on which its prices held.</summary>
    public required string PricesDate { get; init; }

    /// <summary>USD per million answer tokens at each of <see cref="Utilisations"/>.</summary>
    public required IReadOnlyList<ChipModel.Units.UncertaintyRange> UsdPerMillionByUtilisation { get; init; }

    /// <summary>USD per million answer tokens when the card is written off in each of <see cref="WriteOffMonths"/>.</summary>
    public required IReadOnlyList<ChipModel.Units.UncertaintyRange> UsdPerMillionByWriteOff { get; init; }

    /// <summary>Yield formula with its parameters.</summary>
    public required string YieldModel { get; init; }

    /// <summary>Cards that share the one-time costs of the model.</summary>
    public required double CardsPerModel { get; init; }

    /// <summary>Users behind the full-batch figures.</summary>
    public required int Users { get; init; }

    /// <summary>What the figures assume that nobody has published.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>Figures in the order from wafer to token.</summary>
    public required IReadOnlyList<CostFigure> Figures { get; init; }

    /// <summary>USD a month at each of <see cref="VolumesMillion"/> for one card of the run.</summary>
    public required IReadOnlyList<ChipModel.Units.UncertaintyRange> UsdPerMonth { get; init; }

    /// <summary>The same when all one-time costs of the model are one's own.</summary>
    public required IReadOnlyList<ChipModel.Units.UncertaintyRange> OwnModelUsdPerMonth { get; init; }

    /// <summary>Renting, buying and calling, each with its monthly costs at the volumes of the table.</summary>
    public required IReadOnlyList<CostAlternative> Alternatives { get; init; }

    /// <summary>What the figures say about the common claim that such chips are worthwhile above 10 million tokens a month and 1,000
    /// tokens/s.</summary>
    public required IReadOnlyList<string> Verdict { get; init; }
}
