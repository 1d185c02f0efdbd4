using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.ChipModel.Yield;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Costs;

/// <summary>Prices a chip and its alternatives.</summary>
public static class BuildCost
{
    /// <summary>Draws behind the intervals.</summary>
    public const int Draws = 400;

    /// <summary>Figures at full batch, from wafer to token.</summary>
    private static readonly FigureDefinition[] Listed =
    [
        FigureCatalog.DieMm2,
        FigureCatalog.DiesPerWafer,
        FigureCatalog.Yield,
        FigureCatalog.DieUsd,
        FigureCatalog.CardUsd,
        FigureCatalog.CardPriceUsd,
        FigureCatalog.CustomMasksUsd,
        FigureCatalog.BaseMasksUsd,
        FigureCatalog.OneTimeUsdPerModel,
        FigureCatalog.TurnaroundWeeks,
        FigureCatalog.UsdPerMillionTokens,
        FigureCatalog.WriteOffUsdPerMillionTokens,
        FigureCatalog.HostingUsdPerMillionTokens,
        FigureCatalog.ElectricityUsdPerMillionTokens,
        FigureCatalog.UsdPerMillionPromptTokens,
        FigureCatalog.UsdPerThousandRequests,
        FigureCatalog.JoulesPerToken,
        FigureCatalog.JoulesPerPromptToken,
    ];

    /// <summary>The prices of a library with cards and use replaced where they are given.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="cards">Cards that share the one-time costs of the model; 0 takes the price list's.</param>
    /// <param name="utilisation">Share of the time under load, above 0 and at most 1; 0 takes the price list's.</param>
    public static PriceBook Prices(DesignLibrary library, int cards, double utilisation) => PriceTerms.Of(library, cards, utilisation);

    /// <summary>The report.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="prices">Prices, as <see cref="Prices"/> gives them.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    public static CostReport From(DesignLibrary library, ChipPlan plan, PriceBook prices, int input, int output)
    {
        var chip = EvaluationInput.Of(plan);
        var one = new ServiceShape(input, output);
        RequestLengths.Check(plan.Model, input, output);
        var users = BuildComparison.MostUsers(chip, one);
        if (users < 1)
            throw new InputException(
                $"keys and values of one user at {input} + {output} tokens do not fit the KV SRAM of {plan.Fabric.Name}; "
                    + "use shorter requests or more dies"
            );
        var single = Study(library, plan, chip, prices, one);
        var full = Study(library, plan, chip, prices, one with { Users = users });
        var alternatives = prices
            .Alternatives.Select(a => PriceAlternative.Of(library, plan.Model, prices, a, full, input, output))
            .ToList();
        var oneUser = Intervals(single, [FigureCatalog.UsdPerMillionTokens, FigureCatalog.TokensPerSecondUser]);
        return new CostReport
        {
            Model = plan.Model.Name,
            Fabric = plan.Fabric.Name,
            Prices = prices.Name,
            PricesDate = prices.Date,
            YieldModel = YieldText(library.Technology(plan.Fabric.Technology).Wafer, plan.Fabric.HasSpares),
            CardsPerModel = prices.Service.CardsPerModel,
            Users = users,
            Assumptions = ModelAssumptions.Of(library, plan, users),
            Figures =
            [
                .. Listed.Zip(Intervals(full, Listed), (f, i) => CostFigure.Of(f, i)),
                CostFigure.Of(FigureCatalog.UsdPerMillionTokens, oneUser[0]) with
                {
                    Key = CostTables.OneUserKey,
                    Name = $"{FigureCatalog.UsdPerMillionTokens.Label}, one user",
                },
                CostFigure.Of(FigureCatalog.TokensPerSecondUser, oneUser[1]),
            ],
            UsdPerMillionByUtilisation = Each(full, CostReport.Utilisations, CostTables.AtUtilisation),
            UsdPerMillionByWriteOff = Each(full, CostReport.WriteOffMonths, CostTables.WrittenOffIn),
            UsdPerMonth = Each(full, CostReport.VolumesMillion, (d, v) => ChipMonth.Of(d, own: false).At(v)),
            OwnModelUsdPerMonth = Each(full, CostReport.VolumesMillion, (d, v) => ChipMonth.Of(d, own: true).At(v)),
            Alternatives = alternatives,
            Verdict = CostVerdict.Sentences(
                prices.Service.CardsPerModel,
                oneUser[1],
                Each(full, [CostVerdict.ClaimedMillion], (d, v) => ChipMonth.Of(d, own: false).At(v))[0],
                alternatives
            ),
        };
    }

    /// <summary>The uncertainty of a chip under a service.</summary>
    internal static ChipUncertainty Study(
        DesignLibrary library,
        ChipPlan plan,
        EvaluationInput chip,
        PriceBook prices,
        ServiceShape service
    ) => new(chip, library.Technology(plan.Fabric.Technology), prices, service, library.Anchor(plan.Fabric.Technology));

    private static IReadOnlyList<UncertaintyRange> Intervals(ChipUncertainty study, IReadOnlyList<FigureDefinition> figures) =>
        study.Intervals([.. figures.Select(f => (Func<DesignDraw, double>)(d => f.Read(d.Figures())))], Draws);

    private static IReadOnlyList<UncertaintyRange> Each<T>(
        ChipUncertainty study,
        IReadOnlyList<T> values,
        Func<DesignDraw, T, double> figure
    ) => study.Intervals([.. values.Select(v => (Func<DesignDraw, double>)(d => figure(d, v)))], Draws);

    private static string YieldText(WaferConstants wafer, bool spares) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"negative binomial, {DieYield.Formula(YieldModel.NegativeBinomial)}, alpha = {wafer.ClusteringAlpha.Value:0.###}, "
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"D = {wafer.DefectsPerCm2.Value:0.###}/cm²{(spares ? ", after repair by spares" : "")}"
        );
}
