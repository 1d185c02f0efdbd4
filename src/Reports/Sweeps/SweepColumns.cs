using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Columns of figures, in the order of the table.</summary>
public static class SweepColumns
{
    /// <summary>Figures with the ends of their intervals.</summary>
    public static IReadOnlyList<SweepColumn> OfFigures { get; } =
    [
        .. Three("tokens_per_second_user", f => f.TokensPerSecondUser),
        .. Three("tokens_per_second_total", f => f.TokensPerSecondTotal),
        .. Three("time_to_first_token_seconds", f => f.TimeToFirstTokenSeconds),
        .. Three("watts", f => f.Watts),
        .. Three("joules_per_token", f => f.JoulesPerToken),
        .. Three("area_mm2", f => f.AreaMm2),
        .. Three("usd_per_million_tokens", f => f.UsdPerMillionTokens),
        new SweepColumn("sites_used_fraction", f => f.SitesUsedFraction),
    ];

    private static IEnumerable<SweepColumn> Three(string name, Func<SweepFigures, UncertaintyRange?> of) =>
        [
            new SweepColumn(name, f => of(f)?.Value),
            new SweepColumn(name + "_low", f => of(f)?.Low),
            new SweepColumn(name + "_high", f => of(f)?.High),
        ];
}
