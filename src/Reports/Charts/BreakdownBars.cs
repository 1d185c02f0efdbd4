using ScottPlot;
using ScottPlot.TickGenerators;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>Horizontal bars of the parts of a total, with figure, share and interval.</summary>
internal static class BreakdownBars
{
    public static Picture Draw(string name, string description, BreakdownData data, string unit, string axisLabel, Color fill)
    {
        var parts = data
            .Parts.Where(p => p.Value.Value > 0)
            .OrderByDescending(p => p.Value.Value)
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .ToList();
        var total = parts.Sum(p => p.Value.Value);
        var plot = ChartStyle.NewPlot(
            $"{data.Title}: {(data.Total is { } whole ? NumberText.Range(whole) : NumberText.Significant(total))} {unit}",
            axisLabel,
            ""
        );
        var ticks = new NumericManual();
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, row) = (parts[i], parts.Count - 1 - i);
            ticks.AddMajor(row, part.Name);
            plot.Add.Bar(
                new Bar
                {
                    Position = row,
                    Value = part.Value.Value,
                    Size = 0.62,
                    Orientation = Orientation.Horizontal,
                    FillColor = fill,
                    LineWidth = 0,
                }
            );
            if (part.Value.High > part.Value.Low)
                Whisker(plot, part.Value, row);
            var share = total > 0 ? part.Value.Value / total * 100 : 0;
            ChartStyle.Text(
                plot,
                $"{NumberText.Significant(part.Value.Value)} {unit} · {Share(share)}",
                Math.Max(part.Value.Value, part.Value.High),
                row,
                Alignment.MiddleLeft,
                ChartColors.Ink,
                offsetX: 6
            );
        }

        plot.Axes.Left.TickGenerator = ticks;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
        plot.HideGrid();
        var longest = parts.Select(p => Math.Max(p.Value.Value, p.Value.High)).DefaultIfEmpty(1).Max();
        // A third of the width is kept for the figure behind the longest bar.
        plot.Axes.SetLimits(0, longest * 1.5, -0.7, Math.Max(parts.Count, 1) - 0.3);
        return new Picture(name, description, plot, 820, 120 + (34 * Math.Max(parts.Count, 2)));
    }

    private static string Share(double percent) =>
        percent < 0.1 ? "under 0.1 %" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{percent:0.0} %");

    private static void Whisker(Plot plot, UncertaintyRange value, double row)
    {
        ChartStyle.Line(plot, value.Low, row, value.High, row, ChartColors.Ink, 1.2f);
        ChartStyle.Line(plot, value.Low, row - 0.12, value.Low, row + 0.12, ChartColors.Ink, 1.2f);
        ChartStyle.Line(plot, value.High, row - 0.12, value.High, row + 0.12, ChartColors.Ink, 1.2f);
    }
}
