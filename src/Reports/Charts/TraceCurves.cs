using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Charts;

/// <summary>Replayed traces as curves: time to the first token over the load, over the replicas, or over its percentiles.</summary>
public static class TraceCurves
{
    /// <summary>One curve for each system.</summary>
    public static SeriesData From(TraceReport report)
    {
        var rates = report.Traces.Count > 1;
        var replicas = report.Rows.Select(r => r.Replicas).Distinct().Count() > 1;
        var served = report.Rows.Where(r => r.Figures is not null).ToList();
        var curves = served
            .GroupBy(r => rates && replicas ? $"{r.Replicas} × {r.System}" : r.System)
            .Select(g => new Series(
                g.Key,
                rates ? [.. g.Where(r => double.IsFinite(r.RequestsPerSecond)).Select(r => Late(r, Rounded(r.RequestsPerSecond)))]
                    : replicas ? [.. g.Select(r => Late(r, r.Replicas))]
                    : Spread(g.First())
            ));
        return new SeriesData
        {
            Title = $"{report.Model}: time to the first token",
            XLabel =
                rates ? "requests per second"
                : replicas ? "systems"
                : "percentile of the requests",
            YLabel = rates || replicas ? "99th percentile, ms" : "time to the first token, ms",
            LogX = rates,
            LogY = true,
            Curves = [.. curves],
        };
    }

    // Three significant digits, which is what the axis has room for.
    private static double Rounded(double rate)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rate)) - 2);
        return Math.Round(rate / unit) * unit;
    }

    private static SeriesPoint Late(TraceRow row, double x) => new(x, row.Figures!.TimeToFirstTokenSeconds.P99 * 1e3);

    private static SeriesPoint[] Spread(TraceRow row)
    {
        var times = row.Figures!.TimeToFirstTokenSeconds;
        return [new(50, times.P50 * 1e3), new(95, times.P95 * 1e3), new(99, times.P99 * 1e3)];
    }
}
