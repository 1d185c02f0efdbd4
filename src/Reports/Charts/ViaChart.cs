using System.Globalization;
using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>A close-up of the lower left corner of a bank's ROM array: landing pads of the fabric, and the vias that are its
/// bits.</summary>
public static class ViaChart
{
    private const int BitLines = 24;

    private const int WordLines = 16;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(BankDrawing bank)
    {
        var g = bank.Geometry;
        var rules = g.Rules.Weights;
        int columns = Math.Min(BitLines, g.BitLines),
            rows = Math.Min(WordLines, g.WordLines);
        double left = g.Array.Left / 1000.0,
            bottom = g.Array.Bottom / 1000.0,
            right = left + (columns * g.PitchX / 1000.0),
            top = bottom + (rows * g.PitchY / 1000.0);
        var plot = ChartStyle.NewPlot(
            $"{bank.Title}: word lines 0…{rows - 1}, bit lines 0…{columns - 1}",
            "x from the site's corner (µm)",
            "y from the site's corner (µm)"
        );
        plot.HideGrid();
        double pad = rules.PadNm.Value / 2000,
            via = g.ViaSize / 2000.0;
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var bit = ((long)row * g.BitLines) + column;
            var (x, y) = g.ViaCentre(bit);
            Square(plot, x / 1000.0, y / 1000.0, pad, Color.FromHex("#D8D8D8"));
            if (bank.IsVia(bit))
                Square(plot, x / 1000.0, y / 1000.0, via, ChartColors.Blue);
        }

        var margin = 0.07 * (right - left);
        ScaleBar.Draw(plot, left, bottom - (0.5 * margin), (right - left) / 6);
        ChartStyle.Text(
            plot,
            string.Create(
                CultureInfo.InvariantCulture,
                $"pitch {g.PitchX} × {g.PitchY} nm, enclosure {(rules.PadNm.Value - g.ViaSize) / 2:0} nm"
            ),
            right,
            bottom - (0.5 * margin),
            Alignment.MiddleRight,
            ChartColors.Muted
        );
        plot.Legend.ManualItems.Add(
            new LegendItem
            {
                LabelText = string.Create(CultureInfo.InvariantCulture, $"landing pad, {rules.PadNm.Value:0} nm"),
                FillColor = Color.FromHex("#D8D8D8"),
            }
        );
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = $"via, {g.ViaSize} nm: bit 1", FillColor = ChartColors.Blue });
        plot.Legend.Orientation = Orientation.Vertical;
        plot.ShowLegend(Edge.Right);
        plot.Axes.SetLimits(left - (0.2 * margin), right + (0.2 * margin), bottom - margin, top + (0.2 * margin));
        plot.Axes.SquareUnits();
        var height = (int)Math.Clamp(600 * (top - bottom + (1.2 * margin)) / (right - left + (0.4 * margin)), 240, 900) + 110;
        return new Picture(
            "mask-vias",
            "Close-up of a bank's vias: every landing pad is a bit of the ROM, a via makes it a one.",
            plot,
            860,
            height
        );
    }

    private static void Square(Plot plot, double x, double y, double half, Color color)
    {
        var square = plot.Add.Rectangle(x - half, x + half, y - half, y + half);
        square.FillColor = color;
        square.LineWidth = 0;
    }
}
