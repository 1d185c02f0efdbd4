using ScottPlot;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Reports.Charts;

/// <summary>A figure over the dies of a chip as colour, in the coordinates of the GDSII file: y points up, the vector ROM is below
/// zero.</summary>
public static class DieMapChart
{
    private const int PlotWidth = 620;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(DieMapData data)
    {
        var plot = ChartStyle.NewPlot(data.Title, "x on the die (µm)", "y on the die (µm)");
        plot.HideGrid();
        var across = (int)Math.Ceiling(Math.Sqrt(data.Dies.Count));
        var down = data.Dies.Count == 0 ? 1 : (data.Dies.Count + across - 1) / across;
        double width = data.Dies.Select(Width).DefaultIfEmpty(1).Max(),
            height = data.Dies.Select(Height).DefaultIfEmpty(1).Max();
        var most = data.Values.SelectMany(v => v).Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Max();
        double left = double.MaxValue,
            bottom = double.MaxValue,
            right = double.MinValue,
            top = double.MinValue;
        for (var i = 0; i < data.Dies.Count; i++)
        {
            var die = data.Dies[i];
            // One die is drawn at its own coordinates; several are drawn side by side.
            var x = data.Dies.Count == 1 ? die.Left / 1000.0 : i % across * width * 1.06;
            var y = data.Dies.Count == 1 ? die.Bottom / 1000.0 : -(i / across) * height * 1.12;
            var map = Map(plot, die, data.Values[i], most);
            map.Position = new CoordinateRect(x, x + Width(die), y, y + Height(die));
            if (i == 0)
                Bar(plot, map, data.ValueLabel);
            Sites(plot, data, i, x, y);
            if (data.Dies.Count > 1)
                ChartStyle.Text(plot, $"die {die.Die}", x, y + Height(die), Alignment.LowerLeft, ChartColors.Ink);
            (left, right, bottom, top) = (
                Math.Min(left, x),
                Math.Max(right, x + Width(die)),
                Math.Min(bottom, y),
                Math.Max(top, y + Height(die))
            );
        }

        if (data.Dies.Count == 0)
            (left, right, bottom, top) = (0, 1, 0, 1);
        if (data.Dies.Count > 1)
            HideAxes(plot);

        var margin = 0.08 * Math.Max(right - left, top - bottom);
        ScaleBar.Draw(plot, left, bottom - (0.6 * margin), (right - left) / 4);
        ChartStyle.Text(
            plot,
            data.StrapLabel is null ? "grey: no via positions" : $"grey: no via positions; red outline: {data.StrapLabel}",
            right,
            bottom - (0.6 * margin),
            Alignment.MiddleRight,
            ChartColors.Muted
        );
        plot.Axes.SetLimits(
            left - (0.1 * margin),
            right + (0.1 * margin),
            bottom - margin,
            top + (data.Dies.Count > 1 ? margin : 0.1 * margin)
        );
        plot.Axes.SquareUnits();
        var pixels = (int)Math.Clamp(PlotWidth * (top - bottom + (1.1 * margin)) / (right - left + (0.2 * margin)), 240, 900) + 110;
        return new Picture(data.Name, data.Description, plot, PlotWidth + 230, pixels);
    }

    // Coordinates of dies that are drawn side by side mean nothing.
    private static void HideAxes(Plot plot)
    {
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.XLabel("");
        plot.YLabel("");
    }

    private static double Width(DieRaster d) => d.Columns * d.CellWidth / 1000;

    private static double Height(DieRaster d) => d.Rows * d.CellHeight / 1000;

    private static ScottPlot.Plottables.Heatmap Map(Plot plot, DieRaster die, double[] values, double most)
    {
        var map = plot.Add.Heatmap(Intensities(die.Columns, die.Rows, values));
        map.Colormap = new ScottPlot.Colormaps.Viridis();
        map.ManualRange = new ScottPlot.Range(0, most > 0 ? most : 1);
        map.NaNCellColor = Color.FromHex("#EFEFEF");
        return map;
    }

    private static void Bar(Plot plot, ScottPlot.Plottables.Heatmap map, string label)
    {
        var bar = plot.Add.ColorBar(map);
        bar.Label = label;
        bar.LabelStyle.FontSize = ChartStyle.LabelSize;
        bar.LabelStyle.Bold = false;
        bar.LabelStyle.ForeColor = ChartColors.Ink;
        bar.Axis.TickLabelStyle.FontSize = ChartStyle.TickSize;
    }

    // Rows of a raster go upwards, those of a heat map downwards.
    private static double[,] Intensities(int columns, int rows, double[] values)
    {
        var map = new double[rows, columns];
        for (var y = 0; y < rows; y++)
        for (var x = 0; x < columns; x++)
            map[rows - 1 - y, x] = values[(y * columns) + x];
        return map;
    }

    private static void Sites(Plot plot, DieMapData data, int index, double x, double y)
    {
        if (data.StrapLabel is null)
            return;
        var die = data.Dies[index];
        double width = die.CellWidth * die.Parts / 1000,
            height = die.CellHeight * die.Parts / 1000;
        foreach (var (siteX, siteY) in die.StrappedSites)
        {
            double left = x + ((siteX - die.Left) / 1000.0),
                bottom = y + ((siteY - die.Bottom) / 1000.0);
            var outline = plot.Add.Rectangle(left, left + width, bottom, bottom + height);
            outline.FillColor = Colors.Transparent;
            outline.LineColor = ChartColors.Vermilion;
            outline.LineWidth = 1;
        }
    }
}
