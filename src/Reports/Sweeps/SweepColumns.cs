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

    /// <summary>Figures from the values of their columns.</summary>
    /// <param name="values">In the order of <see cref="OfFigures"/>; NaN for none.</param>
    /// <param name="isBestEstimate">Whether there are no intervals.</param>
    internal static SweepFigures Figures(ReadOnlySpan<double> values, bool isBestEstimate)
    {
        return new SweepFigures
        {
            IsBestEstimate = isBestEstimate,
            TokensPerSecondUser = At(values, 0),
            TokensPerSecondTotal = At(values, 1),
            TimeToFirstTokenUs = At(values, 2),
            Watts = At(values, 3),
            JoulesPerToken = At(values, 4),
            AreaMm2 = At(values, 5),
            UsdPerMillionTokens = At(values, 6),
            SitesUsedFraction = double.IsNaN(values[^1]) ? null : values[^1],
        };

        UncertaintyRange? At(ReadOnlySpan<double> all, int figure) =>
            all.Slice(3 * figure, 3) is var three && double.IsNaN(three[0]) ? null
            : isBestEstimate ? UncertaintyRange.Exact(three[0])
            : new UncertaintyRange(three[0], three[1], three[2]);
    }

    private static IEnumerable<SweepColumn> Three(string name, Func<SweepFigures, UncertaintyRange?> of) =>
        [
            new SweepColumn(name, f => of(f)?.Value),
            new SweepColumn(name + "_low", f => f.IsBestEstimate ? null : of(f)?.Low),
            new SweepColumn(name + "_high", f => f.IsBestEstimate ? null : of(f)?.High),
        ];
}
