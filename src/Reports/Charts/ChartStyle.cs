using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>The look that all charts share.</summary>
internal static class ChartStyle
{
    public const float TitleSize = 16;
    public const float LabelSize = 13;
    public const float TickSize = 12;
    public const float NoteSize = 12;

    // The face's ascent is larger than its capitals: vertically centred lines would be this much too high.
    private const float Drop = 2;

    // Letters of a title that fit the width of a picture.
    private const int LongestTitle = 76;

    /// <summary>An empty plot with title, axis labels and light grid.</summary>
    public static Plot NewPlot(string title, string xLabel, string yLabel)
    {
        ChartFont.Use();
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Title(string.Join('\n', title.Split('\n').Select(Wrapped)), TitleSize);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.ForeColor = ChartColors.Ink;
        plot.XLabel(xLabel, LabelSize);
        plot.YLabel(yLabel, LabelSize);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.ForeColor = ChartColors.Ink;
            axis.TickLabelStyle.FontSize = TickSize;
            axis.TickLabelStyle.ForeColor = ChartColors.Ink;
        }

        plot.Axes.Left.TickLabelStyle.OffsetY = Drop;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        // Space for the last tick label, half of which is beyond the axis.
        plot.Axes.Right.MinimumSize = 28;
        plot.Grid.MajorLineColor = ChartColors.Grid;
        plot.Legend.FontSize = NoteSize;
        plot.Legend.OutlineColor = ChartColors.Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }

    // A title that is wider than the picture would be cut at both ends.
    private static string Wrapped(string title)
    {
        if (title.Length <= LongestTitle || title.LastIndexOf(' ', LongestTitle) is not (> 0 and var at))
            return title;
        return title[..at] + "\n" + Wrapped(title[(at + 1)..]);
    }

    /// <summary>A line of text at a place in the plot's coordinates.</summary>
    public static void Text(
        Plot plot,
        string text,
        double x,
        double y,
        Alignment alignment,
        Color color,
        float size = NoteSize,
        float offsetX = 0,
        float offsetY = 0
    )
    {
        var label = plot.Add.Text(text, x, y);
        label.LabelAlignment = alignment;
        label.LabelFontColor = color;
        label.LabelFontSize = size;
        label.OffsetX = offsetX;
        label.OffsetY = alignment is Alignment.MiddleLeft or Alignment.MiddleCenter or Alignment.MiddleRight ? offsetY + Drop : offsetY;
    }

    /// <summary>A thin straight line, never dashed: the SVG writer cannot dash and says so on standard error.</summary>
    public static void Line(Plot plot, double x1, double y1, double x2, double y2, Color color, float width = 1)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        line.LineColor = color;
        line.LineWidth = width;
        line.MarkerSize = 0;
    }
}
