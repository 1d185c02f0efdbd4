using ScottPlot;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Rtl;

namespace TaalasSim.Reports.Charts;

/// <summary>A token's way through the Verilog chip: a row for each kind of unit, a bar for each time that it works, coloured by
/// stage.</summary>
public static class RtlTimelineChart
{
    /// <summary>Draws the chart.</summary>
    public static Picture Draw(RtlTimeline data)
    {
        var plot = ChartStyle.NewPlot($"{data.Model}: the token at position {data.Position} in the Verilog chip", "cycle", "");
        var units = data.Spans.Select(s => s.Unit).Distinct().OrderByDescending(u => (int)u).ToList();
        var stages = data.Spans.Select(s => s.Stage).DefaultIfEmpty(0).Max();
        foreach (var span in data.Spans)
        {
            var row = units.IndexOf(span.Unit);
            var bar = plot.Add.Rectangle(span.From, span.To, row - 0.38, row + 0.38);
            bar.FillColor = ChartColors.Series(span.Stage);
            bar.LineWidth = 0;
        }

        for (var stage = 0; stage <= stages; stage++)
            plot.Legend.ManualItems.Add(
                new LegendItem
                {
                    LabelText =
                        stage == 0 ? "embedding"
                        : stage == stages ? "output"
                        : $"layer {stage - 1}",
                    FillColor = ChartColors.Series(stage),
                }
            );
        plot.Axes.Left.SetTicks([.. units.Select((_, i) => (double)i)], [.. units.Select(PathPart.Name)]);
        plot.Axes.SetLimits(0, data.Spans.Select(s => s.To).DefaultIfEmpty(1).Max(), -0.6, units.Count - 0.4);
        plot.ShowLegend(Edge.Right);
        return new Picture(
            "rtl-timeline",
            "When each unit of the Verilog chip works on one token; one bar per event, coloured by stage.",
            plot,
            1100,
            340
        );
    }
}
