using ScottPlot;
using ScottPlot.TickGenerators;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>Latency by part: one stacked bar per stage.</summary>
public static class LatencyChart
{
    private static readonly (double Scale, string Unit)[] Units = [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];

    /// <summary>Draws the chart.</summary>
    public static Picture Draw(LatencyData data)
    {
        var longest = data.Stages.Select(s => s.Seconds).DefaultIfEmpty(0).Max();
        var (scale, unit) = Units.FirstOrDefault(u => longest >= u.Scale, Units[^1]);
        var plot = ChartStyle.NewPlot(
            $"{data.Title}: {NumberText.Si(data.Stages.Sum(s => s.Seconds * s.Count), "s")}",
            $"time ({unit})",
            ""
        );
        var names = data.Stages.SelectMany(s => s.Parts).Select(p => p.Name).Distinct(StringComparer.Ordinal).ToList();
        var ticks = new NumericManual();
        for (var i = 0; i < data.Stages.Count; i++)
        {
            var (stage, row) = (data.Stages[i], data.Stages.Count - 1 - i);
            ticks.AddMajor(row, stage.Name);
            var at = 0.0;
            foreach (var part in stage.Parts.Where(p => p.Seconds > 0))
            {
                var (from, to) = (at / scale, (at + part.Seconds) / scale);
                var color = ChartColors.Series(names.IndexOf(part.Name));
                plot.Add.Bar(
                    new Bar
                    {
                        Position = row,
                        ValueBase = from,
                        Value = to,
                        Size = 0.55,
                        Orientation = Orientation.Horizontal,
                        FillColor = color,
                        LineColor = Colors.White,
                        LineWidth = 1,
                    }
                );
                // A figure inside only where it has room; the legend names every part.
                var text = NumberText.Significant(part.Seconds / scale);
                if (part.Seconds / Math.Max(longest, 1e-30) * 560 > ChartFont.Width(text, ChartStyle.NoteSize) + 6)
                    ChartStyle.Text(plot, text, (from + to) / 2, row, Alignment.MiddleCenter, ChartColors.TextOn(color));
                at += part.Seconds;
            }

            ChartStyle.Text(plot, NumberText.Si(at, "s"), at / scale, row, Alignment.MiddleLeft, ChartColors.Ink, offsetX: 6);
        }

        plot.Axes.Left.TickGenerator = ticks;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
        plot.HideGrid();
        plot.Axes.SetLimits(0, Math.Max(longest / scale, 1e-9) * 1.15, -0.7, Math.Max(data.Stages.Count, 1) - 0.3);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.ManualItems.AddRange(names.Select((name, i) => new LegendItem { LabelText = name, FillColor = ChartColors.Series(i) }));
        plot.ShowLegend(Edge.Bottom);
        return new Picture(
            "latency",
            "Time of one token by part, one bar for each stage.",
            plot,
            820,
            190 + (52 * Math.Max(data.Stages.Count, 1))
        );
    }
}
