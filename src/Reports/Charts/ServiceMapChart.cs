using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>Tokens per second per user against watts: one-user and full-batch points of chip and GPUs with their intervals, both axes
/// logarithmic.</summary>
public static class ServiceMapChart
{
    private const int Width = 820;
    private const int Height = 520;
    private const float Left = 84,
        Right = 28,
        Bottom = 58,
        Top = 66;
    private const float MarkerSize = 11;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(ServiceMapData data)
    {
        var plot = ChartStyle.NewPlot($"{data.Title}\n● one user   □ full batch", "power (W)", "speed for one user (tokens/s)");
        // A fixed layout, so that labels can be placed by their pixels before anything is drawn.
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        var points = data.Points.Where(p => p.Watts.Value > 0 && p.TokensPerSecondUser.Value > 0).ToList();
        var x = LogScale.Over(points.SelectMany(p => new[] { p.Watts.Low, p.Watts.Value, p.Watts.High }), 0.15);
        var y = LogScale.Over(
            points.SelectMany(p => new[] { p.TokensPerSecondUser.Low, p.TokensPerSecondUser.Value, p.TokensPerSecondUser.High }),
            0.15
        );
        x.Apply(plot.Axes.Bottom);
        y.Apply(plot.Axes.Left);
        var systems = points.Select(p => p.System).Distinct(StringComparer.Ordinal).ToList();
        foreach (var system in systems)
            Join(plot, [.. points.Where(p => p.System == system)]);
        foreach (var point in points)
            Mark(plot, point, ChartColors.Series(systems.IndexOf(point.System)));
        Label(plot, points, systems, x, y);
        return new Picture(
            "service-map",
            "Tokens per second for one user against watts, for the chip and each GPU, at one user and at full batch.",
            plot,
            Width,
            Height
        );
    }

    private static void Join(Plot plot, IReadOnlyList<ServiceMapPoint> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var (a, b) = (points[i - 1], points[i]);
            ChartStyle.Line(
                plot,
                Math.Log10(a.Watts.Value),
                Math.Log10(a.TokensPerSecondUser.Value),
                Math.Log10(b.Watts.Value),
                Math.Log10(b.TokensPerSecondUser.Value),
                ChartColors.Grey
            );
        }
    }

    private static void Mark(Plot plot, ServiceMapPoint point, Color color)
    {
        var (x, y) = (Math.Log10(point.Watts.Value), Math.Log10(point.TokensPerSecondUser.Value));
        if (point.Watts.Low > 0)
            ChartStyle.Line(plot, Math.Log10(point.Watts.Low), y, Math.Log10(point.Watts.High), y, color, 1.5f);
        if (point.TokensPerSecondUser.Low > 0)
            ChartStyle.Line(plot, x, Math.Log10(point.TokensPerSecondUser.Low), x, Math.Log10(point.TokensPerSecondUser.High), color, 1.5f);
        // A disc inside an open square stays visible where both views fall on one point.
        var marker = plot.Add.Marker(
            x,
            y,
            point.OneUser ? MarkerShape.FilledCircle : MarkerShape.OpenSquare,
            point.OneUser ? MarkerSize : MarkerSize + 5,
            color
        );
        marker.MarkerLineWidth = 2;
    }

    private static void Label(Plot plot, IReadOnlyList<ServiceMapPoint> points, List<string> systems, LogScale x, LogScale y)
    {
        var axes = new PixelAxes(x, y);
        var placer = Occupied(points, systems, axes);
        var labelled = new List<(string System, float X, float Y)>();
        foreach (var p in points)
        {
            var (cx, cy) = (axes.PixelX(p.Watts.Value), axes.PixelY(p.TokensPerSecondUser.Value));
            if (labelled.Exists(l => l.System == p.System && Math.Abs(l.X - cx) < 14 && Math.Abs(l.Y - cy) < 14))
                continue;
            labelled.Add((p.System, cx, cy));
            var (box, leader) = placer.Place(cx, cy, ChartFont.Width(p.System, ChartStyle.NoteSize) + 4, ChartStyle.NoteSize * 1.35f);
            var (middleX, middleY) = ((box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2);
            if (leader)
                ChartStyle.Line(
                    plot,
                    Math.Log10(p.Watts.Value),
                    Math.Log10(p.TokensPerSecondUser.Value),
                    axes.LogX(Math.Clamp(cx, box.Left, box.Right)),
                    axes.LogY(Math.Clamp(cy, box.Top, box.Bottom)),
                    ChartColors.Grey,
                    0.8f
                );
            ChartStyle.Text(
                plot,
                p.System,
                axes.LogX(middleX),
                axes.LogY(middleY),
                Alignment.MiddleCenter,
                ChartColors.AsText(ChartColors.Series(systems.IndexOf(p.System)))
            );
        }
    }

    // A placer of labels that keeps off the points, their ranges and the lines between the two views of a system.
    private static LabelPlacer Occupied(IReadOnlyList<ServiceMapPoint> points, List<string> systems, PixelAxes axes)
    {
        var placer = new LabelPlacer(PixelAxes.PlotWidth, PixelAxes.PlotHeight);
        foreach (var p in points)
        {
            var (cx, cy) = (axes.PixelX(p.Watts.Value), axes.PixelY(p.TokensPerSecondUser.Value));
            placer.Block(Around(cx, cy, 8));
            if (p.Watts.Low > 0)
                placer.Block(new LabelPlacer.Box(axes.PixelX(p.Watts.Low), cy - 2, axes.PixelX(p.Watts.High), cy + 2));
            if (p.TokensPerSecondUser.Low > 0)
                placer.Block(
                    new LabelPlacer.Box(cx - 2, axes.PixelY(p.TokensPerSecondUser.High), cx + 2, axes.PixelY(p.TokensPerSecondUser.Low))
                );
        }

        foreach (var system in systems)
        {
            var ends = points
                .Where(p => p.System == system)
                .Select(p => (X: axes.PixelX(p.Watts.Value), Y: axes.PixelY(p.TokensPerSecondUser.Value)))
                .ToList();
            for (var i = 1; i < ends.Count; i++)
            for (var t = 0f; t <= 1; t += 0.04f)
                placer.Block(
                    Around(ends[i - 1].X + (t * (ends[i].X - ends[i - 1].X)), ends[i - 1].Y + (t * (ends[i].Y - ends[i - 1].Y)), 3)
                );
        }

        return placer;

        static LabelPlacer.Box Around(float px, float py, float r) => new(px - r, py - r, px + r, py + r);
    }

    // Pixels of the plot's area and the logarithms of watts and speed that they show.
    private readonly record struct PixelAxes(LogScale X, LogScale Y)
    {
        public const float PlotWidth = Width - Left - Right,
            PlotHeight = Height - Top - Bottom;

        public float PixelX(double watts) => (float)((Math.Log10(watts) - X.Low) / (X.High - X.Low) * PlotWidth);

        public float PixelY(double speed) => (float)((Y.High - Math.Log10(speed)) / (Y.High - Y.Low) * PlotHeight);

        public double LogX(float pixel) => X.Low + (pixel / PlotWidth * (X.High - X.Low));

        public double LogY(float pixel) => Y.High - (pixel / PlotHeight * (Y.High - Y.Low));
    }
}
