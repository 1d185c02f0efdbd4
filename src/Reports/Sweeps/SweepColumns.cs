using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Columns of figures, in the order of the table.</summary>
public static class SweepColumns
{
    /// <summary>Figures with the ends of their intervals.</summary>
    public static IReadOnlyList<SweepColumn> OfFigures { get; } =
    [
        .. Three(FigureCatalog.TokensPerSecondUser.Key, f => f.TokensPerSecondUser),
        .. Three(FigureCatalog.TokensPerSecondTotal.Key, f => f.TokensPerSecondTotal),
        .. Three(FigureCatalog.TimeToFirstTokenUs.Key, f => f.TimeToFirstTokenUs),
        .. Three(FigureCatalog.Watts.Key, f => f.Watts),
        .. Three(FigureCatalog.JoulesPerToken.Key, f => f.JoulesPerToken),
        .. Three("area_mm2", f => f.AreaMm2),
        .. Three(FigureCatalog.UsdPerMillionTokens.Key, f => f.UsdPerMillionTokens),
        new SweepColumn("sites_used_fraction", f => f.SitesUsedFraction),
    ];

    private static IEnumerable<SweepColumn> Three(string name, Func<SweepFigures, UncertaintyRange?> of) =>
        [
            new SweepColumn(name, f => of(f)?.Value),
            new SweepColumn(name + "_low", f => f.IsBestEstimate ? null : of(f)?.Low),
            new SweepColumn(name + "_high", f => f.IsBestEstimate ? null : of(f)?.High),
        ];
}
