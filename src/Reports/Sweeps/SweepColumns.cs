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
        .. Three(FigureCatalog.DieMm2.Key, f => f.DieMm2),
        .. Three(FigureCatalog.CardUsd.Key, f => f.CardUsd),
        new SweepColumn("site_rows", f => f.SiteRows),
        new SweepColumn("kv_users", f => f.KvUsers),
        new SweepColumn("perplexity", f => f.Perplexity),
        new SweepColumn("kl_divergence_nats", f => f.KlDivergenceNats),
        new SweepColumn("same_top_share", f => f.SameTopShare),
    ];

    /// <summary>A figure with its interval; the figure alone where it has none, null where there is no figure.</summary>
    /// <param name="figures">Figures of a point.</param>
    /// <param name="name">Column, without <c>_low</c> and <c>_high</c>.</param>
    public static UncertaintyRange? Range(SweepFigures figures, string name)
    {
        double? Of(string column) => OfFigures.FirstOrDefault(c => c.Name == column)?.Of(figures);
        return Of(name) is { } value ? new UncertaintyRange(value, Of(name + "_low") ?? value, Of(name + "_high") ?? value) : null;
    }

    /// <summary>Figures from the values of their columns.</summary>
    /// <param name="values">In the order of <see cref="OfFigures"/>; NaN for none.</param>
    /// <param name="isBestEstimate">Whether there are no intervals.</param>
    internal static SweepFigures Figures(ReadOnlySpan<double> values, bool isBestEstimate)
    {
        return new SweepFigures
        {
            IsBestEstimate = isBestEstimate,
            TokensPerSecondUser = Three(values, 0),
            TokensPerSecondTotal = Three(values, 3),
            TimeToFirstTokenUs = Three(values, 6),
            Watts = Three(values, 9),
            JoulesPerToken = Three(values, 12),
            AreaMm2 = Three(values, 15),
            UsdPerMillionTokens = Three(values, 18),
            SitesUsedFraction = One(values[21]),
            DieMm2 = Three(values, 22),
            CardUsd = Three(values, 25),
            SiteRows = One(values[28]),
            KvUsers = One(values[29]),
            Perplexity = One(values[30]),
            KlDivergenceNats = One(values[31]),
            SameTopShare = One(values[32]),
        };

        static double? One(double value) => double.IsNaN(value) ? null : value;

        UncertaintyRange? Three(ReadOnlySpan<double> all, int column) =>
            all.Slice(column, 3) is var three && double.IsNaN(three[0]) ? null
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
