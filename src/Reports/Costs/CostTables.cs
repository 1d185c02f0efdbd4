using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Provenance;

namespace TaalasSim.Reports.Costs;

/// <summary>What the tables of a cost report vary, and how its fields are derived.</summary>
public static class CostTables
{
    /// <summary>Key of the cost of a million tokens with one user.</summary>
    public const string OneUserKey = "usd_per_million_tokens_one_user";

    private const double ExplainedMillion = 10_000;

    private static readonly FigureInput[] MonthInputs =
    [
        FigureCatalog.CardUsd,
        FigureCatalog.OneTimeUsdPerModel,
        FigureCatalog.Watts,
        FigureCatalog.TokensPerSecondTotal,
    ];

    // Tables are explained at one of their columns.
    private static readonly (string Key, string Unit, string Formula, FigureInput[] Inputs, Func<DesignDraw, double> Read)[] Explained =
    [
        (
            "usd_per_month",
            "USD",
            "once + fixed × max(1, volume / capacity) + each × volume, here at 10,000 million tokens; "
                + "fixed = write-off and hosting of a card, each = electricity, "
                + "capacity = tokens_per_second_total × month × utilisation",
            MonthInputs,
            d => ChipMonth.Of(d, own: false).At(ExplainedMillion)
        ),
        (
            "own_model_usd_per_month",
            "USD",
            "as usd_per_month, with all one_time_usd_per_model written off over the same life, here at 10,000 million tokens",
            MonthInputs,
            d => ChipMonth.Of(d, own: true).At(ExplainedMillion)
        ),
        (
            "usd_per_million_by_utilisation",
            "USD",
            "usd_per_million_tokens at another utilisation, here 0.25",
            [FigureCatalog.UsdPerMillionTokens],
            d => AtUtilisation(d, 0.25)
        ),
        (
            "usd_per_million_by_write_off",
            "USD",
            "usd_per_million_tokens at another life, here 24 months",
            [FigureCatalog.UsdPerMillionTokens],
            d => WrittenOffIn(d, 24)
        ),
        ("cards_per_model", "cards", "cards of the run, prices.service.cards_per_model or --cards", [], d =>
            d.Prices.Service.CardsPerModel
        ),
    ];

    /// <summary>The derivation of a field of the report: at full batch, or for one user where the field says so.</summary>
    /// <exception cref="ChipModel.Files.InputException">No such field.</exception>
    public static Explanation Explain(DesignLibrary library, ChipPlan plan, PriceBook prices, string field, int input, int output)
    {
        var table = Array.Find(Explained, e => e.Key == field);
        if (table.Key is null && FigureCatalog.Find(field) is null && ReportFields.Find(field) is { } meaning)
            return meaning;
        var one = new ServiceShape(input, output);
        one.Check();
        var chip = EvaluationInput.Of(plan);
        var single = field == OneUserKey || field == FigureCatalog.TokensPerSecondUser.Key;
        var service = single ? one : one with { Users = Math.Max(1, BuildComparison.MostUsers(chip, one)) };
        var study = BuildCost.Study(library, plan, chip, prices, service);
        if (field == OneUserKey)
            return study.Explain(FigureCatalog.UsdPerMillionTokens) with { Name = field };
        return table.Key is null
            ? study.Explain(FigureCatalog.Named(field))
            : study.Explain(field, table.Unit, table.Formula, table.Inputs, table.Read);
    }

    /// <summary>USD per million answer tokens at another share of the time under load.</summary>
    internal static double AtUtilisation(DesignDraw design, double utilisation) =>
        (design with { Prices = WithUtilisation(design.Prices, utilisation) }).Figures().UsdPerMillionTokens.Value;

    /// <summary>USD per million answer tokens when the card is written off in this number of months.</summary>
    internal static double WrittenOffIn(DesignDraw design, int months)
    {
        var service = design.Prices.Service with { LifeYears = Constant.Exact(months / 12.0, "years", "row of the table") };
        return (design with { Prices = design.Prices with { Service = service } }).Figures().UsdPerMillionTokens.Value;
    }

    /// <summary>The same prices at another share of the time under load.</summary>
    internal static PriceBook WithUtilisation(PriceBook prices, double utilisation) =>
        prices with
        {
            Service = prices.Service with { Utilisation = Constant.Exact(utilisation, "fraction", "row of the table") },
        };
}
