using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>A forecast as a fan: the known values, the median, and four bands of quantiles about it, darker towards the median.</summary>
public static class FanChart
{
    private const int Median = 4;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(FanData data)
    {
        var plot = ChartStyle.NewPlot(data.Title, "points from the last known one", data.YLabel);
        // The bands begin in the last known value, where all quantiles are one.
        var last = data.Known.LastOrDefault(double.IsFinite);
        var start = data.Known.Count > 0 && double.IsFinite(data.Known[^1]) ? 0 : 1;
        double[] xs = [.. Enumerable.Range(start, data.Quantiles.Count + 1 - start).Select(i => (double)i)];
        double[] At(int quantile) => [.. xs.Select(x => x == 0 ? last : data.Quantiles[(int)x - 1][quantile])];
        for (var band = 0; band < Median; band++)
        {
            // Quantiles of the raw head may cross; a band lies between the smaller and the larger.
            double[] first = At(band),
                second = At(8 - band);
            var fill = plot.Add.FillY(xs, [.. first.Zip(second, Math.Min)], [.. first.Zip(second, Math.Max)]);
            fill.FillColor = ChartColors.Blue.WithAlpha(0.16);
            fill.LineWidth = 0;
            fill.MarkerSize = 0;
        }

        var median = plot.Add.ScatterLine(xs, At(Median), ChartColors.Blue);
        median.LineWidth = 2;
        median.LegendText = "median; bands 10–90, 20–80, 30–70, 40–60 %";
        var legend = "known";
        foreach (var (from, values) in Runs(data.Known))
        {
            var line = plot.Add.Scatter(
                values.Select((_, i) => (double)(from + i - data.Known.Count + 1)).ToArray(),
                values.ToArray(),
                ChartColors.Ink
            );
            line.LineWidth = 1.5f;
            line.MarkerSize = values.Count == 1 ? 4 : 0;
            line.LegendText = legend;
            legend = "";
        }

        plot.ShowLegend(Edge.Bottom);
        plot.Axes.AutoScale();
        return new Picture(
            "forecast",
            $"{data.YLabel}: {data.Known.Count} known points and {data.Quantiles.Count} forecast ones with the quantiles 0.1 to 0.9.",
            plot,
            820,
            460
        );
    }

    /// <summary>Values without gaps, each with the place of its first.</summary>
    private static IEnumerable<(int From, IReadOnlyList<double> Values)> Runs(IReadOnlyList<double> values)
    {
        for (var at = 0; at < values.Count; at++)
        {
            var run = values.Skip(at).TakeWhile(double.IsFinite).ToList();
            if (run.Count > 0)
                yield return (at, run);
            at += run.Count;
        }
    }
}
