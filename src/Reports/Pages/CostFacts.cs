using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>Money and weeks with their intervals and formulas.</summary>
public static class CostFacts
{
    private static readonly FigureDefinition[] Listed =
    [
        FigureCatalog.DieMm2,
        FigureCatalog.Yield,
        FigureCatalog.DiesPerWafer,
        FigureCatalog.DieUsd,
        FigureCatalog.CardUsd,
        FigureCatalog.OneTimeUsdPerModel,
        FigureCatalog.UsdPerMillionTokens,
        FigureCatalog.TurnaroundWeeks,
    ];

    /// <summary>Facts of a Monte Carlo study.</summary>
    public static IReadOnlyList<Fact> Of(UncertaintyStudy study) =>
        [.. Listed.Select(f => new Fact(f.Label, MeasureText.Of(study[f].Interval, f.Unit), f.Formula))];
}
