using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace TaalasSim.Reports.Charts;

/// <summary>Error of each prediction by group, with the median of the absolute errors beside it.</summary>
public static class ErrorChart
{
    // Errors beyond this are drawn at the edge as triangles and counted beside it, so that one of them cannot squeeze all others.
    private const double Edge = 100;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(ErrorData data)
    {
        var plot = ChartStyle.NewPlot(data.Title, "predicted over measured − 1 (%)", "");
        var groups = data.Groups.Where(g => g.Errors.Count > 0).ToList();
        var widest = Math.Min(
            Edge,
            groups.SelectMany(g => g.Errors).Select(e => Math.Abs(e) * 100).Where(double.IsFinite).DefaultIfEmpty(10).Max() * 1.08
        );
        widest = Math.Max(widest, 5);
        var ticks = new NumericManual();
        ChartStyle.Line(plot, 0, -0.7, 0, groups.Count - 0.3, ChartColors.Ink, 1.2f);
        for (var i = 0; i < groups.Count; i++)
        {
            var row = groups.Count - 1 - i;
            ticks.AddMajor(row, groups[i].Name);
            foreach (var error in groups[i].Errors.Select(e => e * 100))
            {
                var shown = Math.Clamp(error, -widest, widest);
                var shape =
                    error > widest ? MarkerShape.FilledTriangleUp
                    : error < -widest ? MarkerShape.FilledTriangleDown
                    : MarkerShape.FilledCircle;
                plot.Add.Marker(shown, row, shape, 8, ChartColors.Blue.WithAlpha(0.5));
            }

            var beyond = groups[i].Errors.Count(e => Math.Abs(e) * 100 > widest);
            var median = Median([.. groups[i].Errors.Select(e => Math.Abs(e) * 100)]);
            ChartStyle.Text(
                plot,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"median {median:0.0} % of {groups[i].Errors.Count}{(beyond > 0 ? $", {beyond} off the scale" : "")}"
                ),
                widest,
                row,
                Alignment.MiddleLeft,
                ChartColors.Ink,
                offsetX: 10
            );
        }

        plot.HideGrid();
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            TickDensity = 0.6,
            LabelFormatter = x => Math.Abs(x) <= widest ? x.ToString("0.##", CultureInfo.InvariantCulture) : "",
        };
        plot.Axes.Left.TickGenerator = ticks;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(-widest * 1.05, widest * 1.95, -0.7, Math.Max(groups.Count, 1) - 0.3);
        return new Picture(
            "errors",
            "Relative error of each prediction by group; the line in the middle is no error.",
            plot,
            820,
            120 + (34 * Math.Max(groups.Count, 2))
        );
    }

    private static double Median(double[] sorted)
    {
        Array.Sort(sorted);
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
