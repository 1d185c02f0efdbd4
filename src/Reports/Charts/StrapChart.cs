using ScottPlot;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Reports.Charts;

/// <summary>The strap positions of a site with the pads that a strap bridges, and what the bits say.</summary>
public static class StrapChart
{
    // Fields of a site on the dataflow layer, in bits (DataflowLayer).
    private static readonly (int First, int Bits, string Name)[] Fields =
    [
        (0, 32, "port + 1"),
        (32, 16, "input segment"),
        (48, 16, "output segment"),
        (64, 32, "partner site + 1"),
        (96, 16, "level"),
        (112, 16, "unused"),
    ];

    /// <summary>Draws the chart of a bank.</summary>
    public static Picture Draw(BankDrawing bank)
    {
        var g = bank.Geometry;
        var rules = g.Rules.Dataflow;
        var plot = ChartStyle.NewPlot(
            $"{bank.Title}: straps, low bit of each field on the left",
            "x from the site's corner (µm)",
            "y from the site's corner (µm)"
        );
        plot.HideGrid();
        double width = g.Strap.Right / 1000.0,
            length = g.Strap.Top / 1000.0,
            pads = (length - (rules.GapNm.Value / 1000)) / 2;
        for (var bit = 0; bit < 8 * DataflowLayer.SiteBytes; bit++)
        {
            var (x, y) = Place(g, bit);
            Box(plot, x, x + width, y, y + pads, Color.FromHex("#C8C8C8"));
            Box(plot, x, x + width, y + length - pads, y + length, Color.FromHex("#C8C8C8"));
            if (bank.IsStrap(bit))
                Box(plot, x, x + width, y, y + length, ChartColors.Vermilion);
        }

        // Rows are drawn apart, so that the fields' names have room.
        foreach (var (first, bits, name) in Fields)
        {
            var (x, y) = Place(g, first);
            var value = 0L;
            for (var i = 0; i < bits; i++)
                value |= (bank.IsStrap(first + i) ? 1L : 0L) << i;
            var end = Place(g, first + bits - 1).X + width;
            ChartStyle.Line(plot, x, y - 0.06, end, y - 0.06, ChartColors.Muted);
            ChartStyle.Text(plot, $"{name} = {value}", (x + end) / 2, y - 0.08, Alignment.UpperCenter, ChartColors.Ink);
        }

        var (left, _) = Place(g, 0);
        var right = Place(g, g.StrapsPerRow - 1).X + width;
        var bottom = -0.7;
        ScaleBar.Draw(plot, left, bottom, 1);
        plot.Legend.ManualItems.Add(
            new LegendItem { LabelText = $"pads, {rules.GapNm.Value:0} nm apart", FillColor = Color.FromHex("#C8C8C8") }
        );
        plot.Legend.ManualItems.Add(
            new LegendItem { LabelText = $"strap, {g.Strap.Right} × {g.Strap.Top} nm: bit 1", FillColor = ChartColors.Vermilion }
        );
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.YLabel("");
        plot.Axes.SetLimits(left - 0.1, right + 0.1, bottom - 0.15, Place(g, 127).Y + length + 0.1);
        return new Picture(
            "mask-straps",
            "The 128 strap positions of a bank with the fields that they encode; a strap joins its two pads.",
            plot,
            860,
            330
        );
    }

    private static (double X, double Y) Place(Compiler.Export.Masks.MaskGeometry g, int bit)
    {
        var (x, y) = g.StrapOrigin(bit);
        return (x / 1000.0, (y / 1000.0) + (y / g.StrapRowPitch * 0.5));
    }

    private static void Box(Plot plot, double left, double right, double bottom, double top, Color color)
    {
        var box = plot.Add.Rectangle(left, right, bottom, top);
        box.FillColor = color;
        box.LineWidth = 0;
    }
}
