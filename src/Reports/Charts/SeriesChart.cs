using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace TaalasSim.Reports.Charts;

/// <summary>A figure over a varied field, one curve for each value of a second field.</summary>
public static class SeriesChart
{
    private const int LongestNameBeside = 32;

    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledDiamond,
        MarkerShape.OpenCircle,
        MarkerShape.OpenSquare,
        MarkerShape.OpenTriangleUp,
        MarkerShape.OpenDiamond,
    ];

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(SeriesData data)
    {
        var plot = ChartStyle.NewPlot(data.Title, data.XLabel, data.YLabel);
        var all = data.Curves.SelectMany(c => c.Points).ToList();
        if (data.LogX)
            LogX(plot.Axes.Bottom, all);
        else
            Linear(plot.Axes.Bottom, all.Select(p => p.X), fromZero: false);
        if (data.LogY)
            LogScale.Over(all.SelectMany(p => new[] { p.Y.Low, p.Y.High }), 0.08).Apply(plot.Axes.Left);
        else
            Linear(plot.Axes.Left, all.SelectMany(p => new[] { p.Y.Low, p.Y.High }), fromZero: true);
        for (var i = 0; i < data.Curves.Count; i++)
        {
            var color = ChartColors.Series(i);
            var points = data.Curves[i].Points.OrderBy(p => p.X).ToList();
            foreach (var p in points.Where(p => p.Y.High > p.Y.Low && (!data.LogY || p.Y.Low > 0)))
                ChartStyle.Line(plot, X(p.X), Y(p.Y.Low), X(p.X), Y(p.Y.High), color.WithAlpha(0.6), 1.2f);
            var curve = plot.Add.Scatter(points.Select(p => X(p.X)).ToArray(), points.Select(p => Y(p.Y.Value)).ToArray(), color);
            curve.LineWidth = 2;
            curve.MarkerSize = 8;
            curve.MarkerShape = Shapes[(i + (i / Shapes.Length)) % Shapes.Length];
            curve.MarkerLineWidth = 1.5f;
            curve.LegendText = data.Curves[i].Name;
        }

        // Long names beside the plot would leave it no room.
        var below = data.Curves.Any(c => c.Name.Length > LongestNameBeside);
        if (data.Curves.Count > 1)
            plot.ShowLegend(below ? Edge.Bottom : Edge.Right);
        return new Picture("sweep", $"{data.YLabel} over {data.XLabel}.", plot, 820, 460 + (below ? 20 * data.Curves.Count : 0));

        double X(double x) => data.LogX ? Math.Log10(x) : x;
        double Y(double y) => data.LogY ? Math.Log10(y) : y;
    }

    // A few powers of two are easier to read as themselves than between 200 and 500.
    private static void LogX(IAxis axis, IReadOnlyList<SeriesPoint> points)
    {
        LogScale.Over(points.Select(p => p.X), 0.06).Apply(axis);
        var values = points.Select(p => p.X).Where(x => x > 0).Distinct().Order().ToList();
        if (values.Count is 0 or > 8)
            return;
        var ticks = new NumericManual();
        foreach (var value in values)
            ticks.AddMajor(Math.Log10(value), value.ToString("#,0.######", CultureInfo.InvariantCulture));
        axis.TickGenerator = ticks;
    }

    private static void Linear(IAxis axis, IEnumerable<double> figures, bool fromZero)
    {
        var finite = figures.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        if (fromZero && low >= 0)
            low = 0;
        var margin = high > low ? (high - low) * 0.06 : Math.Max(1, Math.Abs(high));
        axis.Min = fromZero && low == 0 ? 0 : low - margin;
        axis.Max = high + margin;
    }
}
