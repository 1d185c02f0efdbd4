using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>Tokens per second per user against watts: one-user and full-batch points of chip and GPUs with their intervals, both axes logarithmic.</summary>
public static class ServiceMapChart
{
    private const int Width = 820;
    private const int Height = 520;
    private const float Left = 84, Right = 28, Bottom = 62, Top = 44;
    private const float MarkerSize = 11;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(ServiceMapData data)
    {
        var plot = ChartStyle.NewPlot(data.Title, "power (W)", "speed for one user (tokens/s)");
        // A fixed layout, so that labels can be placed by their pixels before anything is drawn.
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        var points = data.Points.Where(p => p.Watts.Value > 0 && p.TokensPerSecondUser.Value > 0).ToList();
        var x = LogScale.Over(points.SelectMany(p => new[] { p.Watts.Low, p.Watts.Value, p.Watts.High }), 0.15);
        var y = LogScale.Over(points.SelectMany(p => new[] { p.TokensPerSecondUser.Low, p.TokensPerSecondUser.Value, p.TokensPerSecondUser.High }), 0.15);
        x.Apply(plot.Axes.Bottom);
        y.Apply(plot.Axes.Left);
        var systems = points.Select(p => p.System).Distinct(StringComparer.Ordinal).ToList();
        foreach (var system in systems)
            Join(plot, [.. points.Where(p => p.System == system)]);
        foreach (var point in points)
            Mark(plot, point, ChartColors.Series(systems.IndexOf(point.System)));
        Label(plot, points, x, y);
        plot.ShowLegend(
        [
            new LegendItem { LabelText = "one user", MarkerShape = MarkerShape.FilledCircle, MarkerColor = ChartColors.Muted, MarkerSize = MarkerSize },
            new LegendItem { LabelText = "full batch", MarkerShape = MarkerShape.FilledSquare, MarkerColor = ChartColors.Muted, MarkerSize = MarkerSize },
        ], Alignment.LowerLeft);
        return new Picture("service-map", "Tokens per second for one user against watts, for the chip and each GPU, at one user and at full batch.", plot, Width, Height);
    }

    private static void Join(Plot plot, IReadOnlyList<ServiceMapPoint> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            ChartStyle.Line(plot, Math.Log10(a.Watts.Value), Math.Log10(a.TokensPerSecondUser.Value), Math.Log10(b.Watts.Value), Math.Log10(b.TokensPerSecondUser.Value), ChartColors.Grey, 1, LinePattern.Dotted);
        }
    }

    private static void Mark(Plot plot, ServiceMapPoint point, Color color)
    {
        var (x, y) = (Math.Log10(point.Watts.Value), Math.Log10(point.TokensPerSecondUser.Value));
        if (point.Watts.Low > 0)
            ChartStyle.Line(plot, Math.Log10(point.Watts.Low), y, Math.Log10(point.Watts.High), y, color, 1.5f);
        if (point.TokensPerSecondUser.Low > 0)
            ChartStyle.Line(plot, x, Math.Log10(point.TokensPerSecondUser.Low), x, Math.Log10(point.TokensPerSecondUser.High), color, 1.5f);
        plot.Add.Marker(x, y, point.OneUser ? MarkerShape.FilledCircle : MarkerShape.FilledSquare, MarkerSize, color);
    }

    private static void Label(Plot plot, IReadOnlyList<ServiceMapPoint> points, LogScale x, LogScale y)
    {
        float width = Width - Left - Right, height = Height - Top - Bottom;
        var placer = new LabelPlacer(width, height);
        // The legend's corner.
        placer.Block(new LabelPlacer.Box(0, height - 70, 130, height));
        foreach (var p in points)
        {
            var (cx, cy) = (PixelX(p.Watts.Value), PixelY(p.TokensPerSecondUser.Value));
            placer.Block(new LabelPlacer.Box(cx - 8, cy - 8, cx + 8, cy + 8));
            if (p.Watts.Low > 0)
                placer.Block(new LabelPlacer.Box(PixelX(p.Watts.Low), cy - 2, PixelX(p.Watts.High), cy + 2));
            if (p.TokensPerSecondUser.Low > 0)
                placer.Block(new LabelPlacer.Box(cx - 2, PixelY(p.TokensPerSecondUser.High), cx + 2, PixelY(p.TokensPerSecondUser.Low)));
        }

        foreach (var p in points)
        {
            var (cx, cy) = (PixelX(p.Watts.Value), PixelY(p.TokensPerSecondUser.Value));
            var (box, leader) = placer.Place(cx, cy, ChartFont.Width(p.System, ChartStyle.NoteSize) + 4, ChartStyle.NoteSize * 1.35f);
            var (middleX, middleY) = ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);
            if (leader)
                ChartStyle.Line(plot, Math.Log10(p.Watts.Value), Math.Log10(p.TokensPerSecondUser.Value), LogX(Math.Clamp(cx, box.Left, box.Right)), LogY(Math.Clamp(cy, box.Top, box.Bottom)), ChartColors.Grey, 0.8f);
            ChartStyle.Text(plot, p.System, LogX(middleX), LogY(middleY), Alignment.MiddleCenter, ChartColors.Ink);
        }

        float PixelX(double watts) => (float)((Math.Log10(watts) - x.Low) / (x.High - x.Low) * width);
        float PixelY(double speed) => (float)((y.High - Math.Log10(speed)) / (y.High - y.Low) * height);
        double LogX(float pixel) => x.Low + (pixel / width * (x.High - x.Low));
        double LogY(float pixel) => y.High - (pixel / height * (y.High - y.Low));
    }
}
