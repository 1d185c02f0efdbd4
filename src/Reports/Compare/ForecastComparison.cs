using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Figures;

namespace TaalasSim.Reports.Compare;

/// <summary>A model of patches on chip and GPUs in units of whole forecasts: the request of a comparison is one forecast, and its tokens
/// are patches.</summary>
/// <param name="Patches">Sizes of the model.</param>
/// <param name="ContextPoints">Points of context.</param>
/// <param name="Points">Points of the forecast.</param>
/// <param name="Steps">Steps of decoding behind the first output patch.</param>
/// <param name="Mm2">Area of all dies of the chip, mm².</param>
/// <param name="Rows">Chip, then GPUs; each alone, then under full load.</param>
public sealed record ForecastComparison(
    PatchShape Patches,
    int ContextPoints,
    int Points,
    int Steps,
    double Mm2,
    IReadOnlyList<ForecastRow> Rows
)
{
    /// <summary>Forecasts of a comparison; null for a model without patches.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="report">Figures of its requests.</param>
    public static ForecastComparison? Of(DesignLibrary library, ChipPlan plan, ComparisonReport report)
    {
        if (plan.Model.Patches is not { } patches)
            return null;
        var ahead = report.OutputTokens;
        IEnumerable<ForecastRow> Rows(ComparedSystem system) =>
            from view in Enum.GetValues<ServiceView>()
            let point = system.At(view)
            where point is not null
            select Row(system.Name, view, point, ahead);
        return new ForecastComparison(
            patches,
            report.InputTokens * patches.InputPoints,
            ahead * patches.InputPoints,
            patches.Steps(ahead),
            plan.Fabric.Dies * DieArea.Of(plan.Fabric, library.Technology(plan.Fabric.Technology)).TotalMm2.Value,
            [.. report.Systems().SelectMany(Rows)]
        );
    }

    private static ForecastRow Row(string system, ServiceView view, ServicePoint point, int ahead)
    {
        var (user, all) = (point[FigureCatalog.TokensPerSecondUser], point[FigureCatalog.TokensPerSecondTotal]);
        return new ForecastRow(
            system,
            view,
            point.Users,
            new(1e6 * ahead / user.Value, 1e6 * ahead / user.High, 1e6 * ahead / user.Low),
            all * (1.0 / ahead),
            point[FigureCatalog.Watts],
            point[FigureCatalog.JoulesPerToken] * ahead,
            // Dollars of a million patches are those of as many forecasts times the patches of one.
            point[FigureCatalog.UsdPerMillionTokens] * ahead
        );
    }
}
