using ScottPlot;
using SkiaSharp;

namespace TaalasSim.Reports.Charts;

/// <summary>A whole site: its outline, the ROM array with the share of ones as shade, and its straps.</summary>
public static class BankChart
{
    // Pixels that the array has on the picture: more blocks than that would be lost in drawing.
    private const int Blocks = 512;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(BankDrawing bank)
    {
        var g = bank.Geometry;
        var plot = ChartStyle.NewPlot($"{bank.Title}: the whole bank", "x from the site's corner (µm)", "y from the site's corner (µm)");
        plot.HideGrid();
        double width = g.SiteWidth / 1000.0,
            height = g.SiteHeight / 1000.0;
        var outline = plot.Add.Rectangle(0, width, 0, height);
        outline.FillColor = Color.FromHex("#F4F4F4");
        outline.LineColor = ChartColors.Muted;
        outline.LineWidth = 1;
        var block = Math.Max(1, (Math.Max(g.BitLines, g.WordLines) + Blocks - 1) / Blocks);
        var (image, right, top) = Array(bank, block);
        plot.Add.ImageRect(
            image,
            new CoordinateRect(
                g.Array.Left / 1000.0,
                (g.Array.Left + right) / 1000.0,
                g.Array.Bottom / 1000.0,
                (g.Array.Bottom + top) / 1000.0
            )
        );
        var frame = plot.Add.Rectangle(g.Array.Left / 1000.0, g.Array.Right / 1000.0, g.Array.Bottom / 1000.0, g.Array.Top / 1000.0);
        frame.FillColor = Colors.Transparent;
        frame.LineColor = ChartColors.Muted;
        frame.LineWidth = 1;
        Straps(plot, bank);
        var middle = (g.Array.Bottom / 2000.0) + (g.StrapRowPitch / 1000.0);
        ChartStyle.Text(
            plot,
            "selectors, accumulators, network: fixed layers, not drawn",
            width / 2,
            middle,
            Alignment.MiddleCenter,
            ChartColors.Muted
        );
        var margin = 0.09 * width;
        ScaleBar.Draw(plot, 0, -0.5 * margin, width / 4);
        ChartStyle.Text(
            plot,
            $"array of {g.BitLines:N0} bit lines × {g.WordLines:N0} word lines".Replace(',', ' '),
            width,
            -0.5 * margin,
            Alignment.MiddleRight,
            ChartColors.Muted
        );
        Legend(plot, block);
        plot.Axes.SetLimits(-0.1 * margin, width + (0.1 * margin), -margin, height + (0.1 * margin));
        plot.Axes.SquareUnits();
        var pixels = (int)Math.Clamp(600 * (height + (1.1 * margin)) / (width + (0.2 * margin)), 240, 900) + 110;
        return new Picture(
            "mask-bank",
            "One bank on its site: vias of the ROM array, straps below it, and the room of the fixed layers.",
            plot,
            860,
            pixels
        );
    }

    private static void Straps(Plot plot, BankDrawing bank)
    {
        var g = bank.Geometry;
        for (var bit = 0; bit < bank.Cell.Straps.Length * 8; bit++)
        {
            var (x, y) = g.StrapOrigin(bit);
            var strap = plot.Add.Rectangle(x / 1000.0, (x + g.Strap.Right) / 1000.0, y / 1000.0, (y + g.Strap.Top) / 1000.0);
            strap.FillColor = bank.IsStrap(bit) ? ChartColors.Vermilion : Color.FromHex("#C8C8C8");
            strap.LineWidth = bank.IsStrap(bit) ? 1.5f : 0;
            strap.LineColor = ChartColors.Vermilion;
        }
    }

    private static void Legend(Plot plot, int block)
    {
        foreach (
            var (label, color) in new[]
            {
                (block == 1 ? "via" : $"{block} × {block} bits, all vias", ChartColors.Blue),
                (block == 1 ? "no via" : $"{block} × {block} bits, no via", Colors.White),
                ("strap", ChartColors.Vermilion),
                ("open strap position", Color.FromHex("#C8C8C8")),
            }
        )
            plot.Legend.ManualItems.Add(
                new LegendItem
                {
                    LabelText = label,
                    FillColor = color,
                    OutlineColor = ChartColors.Grid,
                    OutlineWidth = 1,
                }
            );
        plot.Legend.Orientation = Orientation.Vertical;
        plot.ShowLegend(Edge.Right);
    }

    // The array from its first word line (below) upwards; a block's shade is its share of ones. Extent in nm, since the last block may
    // reach beyond the array.
    private static (ScottPlot.Image Image, int Right, int Top) Array(BankDrawing bank, int block)
    {
        var g = bank.Geometry;
        int columns = (g.BitLines + block - 1) / block,
            rows = (g.WordLines + block - 1) / block;
        var ones = new int[columns * rows];
        for (var word = 0; word < g.WordLines; word++)
        for (var line = 0; line < g.BitLines; line++)
            if (bank.IsVia(((long)word * g.BitLines) + line))
                ones[(word / block * columns) + (line / block)]++;
        // Whole pixels per block keep the edges sharp when the picture is scaled.
        var zoom = Math.Max(1, 1600 / Math.Max(columns, rows));
        using var bitmap = new SKBitmap(columns * zoom, rows * zoom, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = false };
        for (var y = 0; y < rows; y++)
        for (var x = 0; x < columns; x++)
        {
            var share = ones[(y * columns) + x] / (double)(block * block);
            paint.Color = new SKColor(Mix(ChartColors.Blue.R), Mix(ChartColors.Blue.G), Mix(ChartColors.Blue.B));
            canvas.DrawRect(x * zoom, (rows - 1 - y) * zoom, zoom, zoom, paint);
            byte Mix(byte channel) => (byte)(255 - (share * (255 - channel)));
        }

        return (new ScottPlot.Image(bitmap), columns * block * g.PitchX, rows * block * g.PitchY);
    }
}
