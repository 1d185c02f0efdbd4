using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>Predicted against measured on logarithmic axes with the diagonal and the lines of a quarter too high and too low.</summary>
public static class ParityChart
{
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledDiamond,
        MarkerShape.Cross,
        MarkerShape.Eks,
    ];

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(ParityData data)
    {
        var plot = ChartStyle.NewPlot(data.Title, $"measured ({data.Unit})", $"predicted ({data.Unit})");
        var points = data.Points.Where(p => p.Measured > 0 && p.Predicted.Value > 0).ToList();
        var scale = LogScale.Over(points.SelectMany(p => new[] { p.Measured, p.Predicted.Value }), 0.08);
        scale.Apply(plot.Axes.Bottom);
        scale.Apply(plot.Axes.Left);
        ChartStyle.Line(plot, scale.Low, scale.Low, scale.High, scale.High, ChartColors.Ink, 1.2f);
        foreach (var factor in new[] { 1.25, 0.75 })
        {
            var shift = Math.Log10(factor);
            ChartStyle.Line(plot, scale.Low, scale.Low + shift, scale.High, scale.High + shift, ChartColors.Muted);
        }

        var groups = points.Select(p => p.Group).Distinct(StringComparer.Ordinal).ToList();
        for (var g = 0; g < groups.Count; g++)
        {
            var color = ChartColors.Series(g);
            var mine = points.Where(p => p.Group == groups[g]).ToList();
            foreach (var p in mine.Where(p => p.Predicted.Low > 0 && p.Predicted.High > p.Predicted.Low))
                ChartStyle.Line(
                    plot,
                    Math.Log10(p.Measured),
                    Math.Log10(p.Predicted.Low),
                    Math.Log10(p.Measured),
                    Math.Log10(p.Predicted.High),
                    color.WithAlpha(0.45),
                    1.2f
                );
            var dots = plot.Add.ScatterPoints(
                mine.Select(p => Math.Log10(p.Measured)).ToArray(),
                mine.Select(p => Math.Log10(p.Predicted.Value)).ToArray(),
                color
            );
            dots.MarkerSize = 8;
            dots.MarkerShape = Shapes[g / 8 % Shapes.Length];
            dots.LegendText = groups[g];
        }

        plot.Legend.ManualItems.Add(
            new LegendItem
            {
                LabelText = "±25 %",
                LineColor = ChartColors.Muted,
                LineWidth = 1,
            }
        );
        plot.Axes.SetLimits(scale.Low, scale.High, scale.Low, scale.High);
        plot.ShowLegend(Edge.Right);
        return new Picture("parity", "Predicted against measured figures; the diagonal is a perfect prediction.", plot, 820, 620);
    }
}
