using System.Globalization;
using ScottPlot;
using SkiaSharp;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Reports.Charts;

/// <summary>The sites of every die, coloured by what their bank does; layers alternate in shade and carry their number.</summary>
public static class FloorplanChart
{
    private static readonly (string Name, Color Color)[] Kinds =
    [
        ("token embedding", ChartColors.Green),
        ("query, key, value", ChartColors.Blue),
        ("attention output", ChartColors.Sky),
        ("gate and up", ChartColors.Orange),
        ("down", ChartColors.Yellow),
        ("experts and router", ChartColors.Purple),
        ("output (vocabulary)", ChartColors.Vermilion),
        ("empty", Color.FromHex("#E4E4E4")),
    ];

    private const int Empty = 7;

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(FloorplanData data)
    {
        var fabric = data.Plan.Fabric;
        var grid = fabric.Sites;
        var across = (int)Math.Ceiling(Math.Sqrt(fabric.Dies));
        var down = (fabric.Dies + across - 1) / across;
        var plot = ChartStyle.NewPlot(data.Title, "site, along x", "site, along y");
        plot.HideGrid();
        double stepX = grid.Columns * 1.06,
            stepY = grid.Rows * 1.12;
        var used = new SortedSet<int>();
        for (var die = 0; die < fabric.Dies; die++)
        {
            double left = die % across * stepX,
                bottom = -(die / across) * stepY;
            // Row 0 is at the bottom, as on the masks.
            plot.Add.ImageRect(Die(data, die, used), new CoordinateRect(left, left + grid.Columns, bottom, bottom + grid.Rows));
            if (fabric.Dies > 1)
                ChartStyle.Text(plot, $"die {die}", left, bottom + grid.Rows, Alignment.LowerLeft, ChartColors.Ink);
            Numbers(plot, data, die, left, bottom);
        }

        if (fabric.Dies > 1)
        {
            plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
            plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
            plot.Axes.Bottom.FrameLineStyle.Width = 0;
            plot.Axes.Left.FrameLineStyle.Width = 0;
            plot.XLabel("");
            plot.YLabel("");
        }

        plot.Axes.SetLimits(
            -0.5,
            ((across - 1) * stepX) + grid.Columns + 0.5,
            -((down - 1) * stepY) - 0.5,
            grid.Rows + (fabric.Dies > 1 ? grid.Rows * 0.12 : 0.5)
        );
        plot.Legend.ManualItems.AddRange(used.Select(k => new LegendItem { LabelText = Kinds[k].Name, FillColor = Kinds[k].Color }));
        plot.Legend.Orientation = Orientation.Vertical;
        plot.ShowLegend(Edge.Right);
        // Sites are drawn near to square: the picture takes the dies' proportions.
        const int plotWidth = 600;
        var height = (int)Math.Clamp(plotWidth * (down * grid.Rows * 1.04) / (across * (double)grid.Columns), 220, 900) + 110;
        return new Picture(
            "floorplan",
            "Sites of the fabric, coloured by what their bank holds; numbers are layers of the model, every second one darker.",
            plot,
            860,
            height
        );
    }

    private static int Kind(MatrixRole role) =>
        role switch
        {
            MatrixRole.LayerEmbedding or MatrixRole.LayerInputs or MatrixRole.StreamProjection => 0,
            MatrixRole.Embedding or MatrixRole.PatchHidden or MatrixRole.PatchSkip or MatrixRole.PatchOutput => 0,
            MatrixRole.Query or MatrixRole.Key or MatrixRole.Value or MatrixRole.QueryKeyValue => 1,
            MatrixRole.Latent or MatrixRole.LatentKey or MatrixRole.LatentValue or MatrixRole.StateInput => 1,
            MatrixRole.AttentionOutput or MatrixRole.StateOutput => 2,
            MatrixRole.Gate or MatrixRole.Up or MatrixRole.GateUp or MatrixRole.SharedGate or MatrixRole.SharedUp => 3,
            MatrixRole.LayerInputGate or MatrixRole.StreamRouter or MatrixRole.LowRank => 3,
            MatrixRole.Down or MatrixRole.SharedDown or MatrixRole.LayerInputOutput => 4,
            MatrixRole.Router or MatrixRole.ExpertGate or MatrixRole.ExpertUp or MatrixRole.ExpertDown => 5,
            _ when role.IsOfOutput() || role.IsOfQuantiles() => 6,
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "no colour for this role"),
        };

    private static ScottPlot.Image Die(FloorplanData data, int die, SortedSet<int> used)
    {
        var grid = data.Plan.Fabric.Sites;
        // Whole pixels per site keep the edges sharp when the picture is scaled.
        var zoom = Math.Max(1, 1600 / Math.Max(grid.Columns, grid.Rows));
        using var bitmap = new SKBitmap(grid.Columns * zoom, grid.Rows * zoom, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = false };
        for (var local = 0; local < grid.PerDie; local++)
        {
            var site = (die * grid.PerDie) + local;
            var port = site < data.PortOfSite.Count ? data.PortOfSite[site] : -1;
            var kind = port < 0 ? Empty : Kind(data.Plan.Matrices[port].Role);
            used.Add(kind);
            var shade = port >= 0 && data.Plan.Matrices[port].Layer % 2 == 1 ? 0.8 : 1.0;
            var color = Kinds[kind].Color;
            paint.Color = new SKColor((byte)(color.R * shade), (byte)(color.G * shade), (byte)(color.B * shade));
            var (_, x, y) = PlaceModel.Position(site, data.Plan.Fabric);
            canvas.DrawRect(x * zoom, (grid.Rows - 1 - y) * zoom, zoom, zoom, paint);
        }

        return new ScottPlot.Image(bitmap);
    }

    // A layer's number is at the middle of its sites, where the space-filling order keeps them together.
    private static void Numbers(Plot plot, FloorplanData data, int die, double left, double bottom)
    {
        var grid = data.Plan.Fabric.Sites;
        var sums = new SortedDictionary<int, (double X, double Y, int Count)>();
        for (var local = 0; local < grid.PerDie; local++)
        {
            var site = (die * grid.PerDie) + local;
            var port = site < data.PortOfSite.Count ? data.PortOfSite[site] : -1;
            if (port < 0 || data.Plan.Matrices[port].Layer < 0)
                continue;
            var (_, x, y) = PlaceModel.Position(site, data.Plan.Fabric);
            var sum = sums.GetValueOrDefault(data.Plan.Matrices[port].Layer);
            sums[data.Plan.Matrices[port].Layer] = (sum.X + x + 0.5, sum.Y + y + 0.5, sum.Count + 1);
        }

        // Too many layers to number on so small a picture: every second, fourth … carries its number.
        var every = 1;
        while (sums.Count * data.Plan.Fabric.Dies / every > 130)
            every *= 2;
        foreach (var (layer, sum) in sums.Where(s => s.Key % every == 0))
        {
            var label = plot.Add.Text(
                layer.ToString(CultureInfo.InvariantCulture),
                left + (sum.X / sum.Count),
                bottom + (sum.Y / sum.Count)
            );
            label.LabelAlignment = Alignment.MiddleCenter;
            label.LabelFontSize = data.Plan.Fabric.Dies > 4 ? 9 : 11;
            label.LabelFontColor = ChartColors.Ink;
            label.LabelBackgroundColor = Colors.White.WithAlpha(0.8);
            label.LabelPadding = 1.5f;
        }
    }
}
