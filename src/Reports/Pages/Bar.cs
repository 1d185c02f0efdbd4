namespace TaalasSim.Reports.Pages;

/// <summary>A bar with an interval, as wide as its place. What it shows stands beside it as text.</summary>
internal static class Bar
{
    /// <summary>Draws it.</summary>
    /// <param name="html">Page.</param>
    /// <param name="from">Where the bar starts, from 0 to <paramref name="longest"/>.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="low">Low end of the interval.</param>
    /// <param name="high">High end; equal to <paramref name="low"/> for none.</param>
    /// <param name="longest">Value at the right edge.</param>
    public static void Write(HtmlWriter html, double from, double to, double low, double high, double longest)
    {
        double At(double value) => longest > 0 ? Math.Clamp(100 * value / longest, 0, 100) : 0;
        html.Element(
            "svg",
            () =>
            {
                var draw = new SvgDrawing(html);
                draw.Rectangle(At(Math.Min(from, to)), 2, At(Math.Abs(to - from)), 10, "fill");
                if (high <= low)
                    return;
                draw.Rectangle(At(low), 6.4, At(high) - At(low), 1.2, "ink");
                draw.Rectangle(Math.Max(0, At(low) - 0.3), 4, 0.6, 6, "ink");
                draw.Rectangle(Math.Min(99.4, At(high) - 0.3), 4, 0.6, 6, "ink");
            },
            ("viewBox", "0 0 100 14"),
            ("preserveAspectRatio", "none"),
            ("aria-hidden", "true"),
            ("class", "bar")
        );
    }
}
