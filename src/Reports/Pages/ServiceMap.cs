using System.Globalization;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>Speed against power of chip and GPUs as a drawing in the page, both axes logarithmic; the tables beside it have the
/// figures.</summary>
internal static class ServiceMap
{
    private const double Width = 560,
        Height = 430,
        Left = 66,
        Right = 14,
        Top = 40,
        Bottom = 50;

    // Mean advance of a letter at the size of the drawing's labels.
    private const double LetterWidth = 8.8,
        LineHeight = 17;

    public static void Write(HtmlWriter html, ServiceMapData data)
    {
        var points = data.Points.Where(p => p.Watts.Value > 0 && p.TokensPerSecondUser.Value > 0).ToList();
        var x = LogScale.Over(points.SelectMany(p => new[] { p.Watts.Low, p.Watts.Value, p.Watts.High }), 0.12);
        var y = LogScale.Over(
            points.SelectMany(p => new[] { p.TokensPerSecondUser.Low, p.TokensPerSecondUser.Value, p.TokensPerSecondUser.High }),
            0.12
        );
        const string Words = "Speed for one user against power: a disc is one user, an open square full batch, lines are 90 % intervals.";
        html.Element(
            "svg",
            () =>
            {
                html.Element("title", Words);
                var frame = new Frame(html, x, y);
                frame.Axes();
                var systems = points.Select(p => p.System).Distinct(StringComparer.Ordinal).ToList();
                foreach (var point in points)
                    frame.Mark(point, systems.IndexOf(point.System) % PageStyle.Colours);
                frame.Labels(points, systems);
            },
            ("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")),
            ("role", "img"),
            ("aria-label", Words),
            ("class", "drawing")
        );
        html.Element("figcaption", $"{data.Title}. {Words} The tables have the figures; also as service-map.png and service-map.svg.");
    }

    // The plotting area and what is drawn in it.
    private readonly struct Frame(HtmlWriter html, LogScale x, LogScale y)
    {
        private readonly SvgDrawing _draw = new(html);

        public void Axes()
        {
            foreach (var (at, label) in x.Ticks())
            {
                _draw.Line(X(at), Top, X(at), Height - Bottom, "grid");
                _draw.Text(X(at), Height - Bottom + 18, label, "middle");
            }

            foreach (var (at, label) in y.Ticks())
            {
                _draw.Line(Left, Y(at), Width - Right, Y(at), "grid");
                _draw.Text(Left - 6, Y(at) + 5, label, "end");
            }

            _draw.Text((Left + Width - Right) / 2, Height - 8, "power (W)", "middle");
            _draw.Text(16, (Top + Height - Bottom) / 2, "speed for one user (tokens/s)", "middle", turn: -90);
            _draw.Circle(Left + 8, 18, 6, "mark s0");
            _draw.Text(Left + 20, 23, "one user", "start");
            _draw.Rectangle(Left + 108, 11, 14, 14, "ring s0");
            _draw.Text(Left + 128, 23, "full batch", "start");
        }

        public void Mark(ServiceMapPoint point, int colour)
        {
            var (cx, cy) = Place(point);
            var style = string.Create(CultureInfo.InvariantCulture, $"s{colour}");
            _draw.Line(X(Math.Log10(Positive(point.Watts))), cy, X(Math.Log10(point.Watts.High)), cy, "whisker " + style);
            _draw.Line(
                cx,
                Y(Math.Log10(Positive(point.TokensPerSecondUser))),
                cx,
                Y(Math.Log10(point.TokensPerSecondUser.High)),
                "whisker " + style
            );
            if (point.OneUser)
                _draw.Circle(cx, cy, 6, "mark " + style);
            else
                _draw.Rectangle(cx - 8, cy - 8, 16, 16, "ring " + style);
        }

        public void Labels(IReadOnlyList<ServiceMapPoint> points, List<string> systems)
        {
            var placer = new LabelPlacer((float)(Width - Right), (float)(Height - Bottom));
            placer.Block(new LabelPlacer.Box(0, 0, (float)Width, (float)Top));
            placer.Block(new LabelPlacer.Box(0, 0, (float)Left, (float)Height));
            foreach (var p in points)
            {
                var (cx, cy) = Place(p);
                placer.Block(Box(cx - 9, cy - 9, cx + 9, cy + 9));
                placer.Block(Box(X(Math.Log10(Positive(p.Watts))), cy - 2, X(Math.Log10(p.Watts.High)), cy + 2));
                placer.Block(
                    Box(cx - 2, Y(Math.Log10(p.TokensPerSecondUser.High)), cx + 2, Y(Math.Log10(Positive(p.TokensPerSecondUser))))
                );
            }

            var labelled = new List<(string System, double X, double Y)>();
            foreach (var p in points)
            {
                var (cx, cy) = Place(p);
                // Where both views fall on one point, one label names them.
                if (labelled.Exists(l => l.System == p.System && Math.Abs(l.X - cx) < 14 && Math.Abs(l.Y - cy) < 14))
                    continue;
                labelled.Add((p.System, cx, cy));
                var (box, leader) = placer.Place((float)cx, (float)cy, (float)(p.System.Length * LetterWidth), (float)LineHeight);
                if (leader)
                    _draw.Line(cx, cy, Math.Clamp(cx, box.Left, box.Right), Math.Clamp(cy, box.Top, box.Bottom), "grid");
                _draw.Text((box.Left + box.Right) / 2, box.Bottom - 4, p.System, "middle", "label");
            }
        }

        // The low end, or the value itself where the end has no logarithm.
        private static double Positive(UncertaintyRange range) => range.Low > 0 ? range.Low : range.Value;

        private static LabelPlacer.Box Box(double left, double top, double right, double bottom) =>
            new((float)left, (float)top, (float)right, (float)bottom);

        private (double X, double Y) Place(ServiceMapPoint point) =>
            (X(Math.Log10(point.Watts.Value)), Y(Math.Log10(point.TokensPerSecondUser.Value)));

        private double X(double log) => Left + ((log - x.Low) / (x.High - x.Low) * (Width - Left - Right));

        private double Y(double log) => Height - Bottom - ((log - y.Low) / (y.High - y.Low) * (Height - Top - Bottom));
    }
}
