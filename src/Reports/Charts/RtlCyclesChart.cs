using ScottPlot;
using TaalasSim.Runtime.Rtl;

namespace TaalasSim.Reports.Charts;

/// <summary>Cycles of phases and tokens by the event engine against those of the Verilog, on logarithmic axes; the lines of one percent
/// beside the diagonal.</summary>
public static class RtlCyclesChart
{
    /// <summary>Draws the chart.</summary>
    /// <param name="runs">Chips by name.</param>
    public static Picture Draw(IReadOnlyList<(string Name, ChipCheckResult Result)> runs)
    {
        var plot = ChartStyle.NewPlot("Event engine against Verilog", "cycles of the event engine", "cycles of the Verilog");
        var groups = runs.Select(r => (r.Name, Points: Points(r.Result))).ToList();
        var scale = LogScale.Over(groups.SelectMany(g => g.Points).SelectMany(p => new[] { p.Engine, p.Rtl }), 0.08);
        scale.Apply(plot.Axes.Bottom);
        scale.Apply(plot.Axes.Left);
        ChartStyle.Line(plot, scale.Low, scale.Low, scale.High, scale.High, ChartColors.Ink, 1.2f);
        foreach (var factor in new[] { 1 + ChipCheckResult.CycleTolerance, 1 - ChipCheckResult.CycleTolerance })
        {
            var shift = Math.Log10(factor);
            ChartStyle.Line(plot, scale.Low, scale.Low + shift, scale.High, scale.High + shift, ChartColors.Muted);
        }

        for (var g = 0; g < groups.Count; g++)
        {
            var dots = plot.Add.ScatterPoints(
                groups[g].Points.Select(p => Math.Log10(p.Engine)).ToArray(),
                groups[g].Points.Select(p => Math.Log10(p.Rtl)).ToArray(),
                ChartColors.Series(g)
            );
            dots.MarkerSize = 7;
            dots.LegendText = groups[g].Name;
        }

        plot.Axes.SetLimits(scale.Low, scale.High, scale.Low, scale.High);
        plot.ShowLegend(Edge.Right);
        return new Picture(
            "rtl-cycles",
            "Cycles of every phase and every token by the event engine against those of the Verilog; the diagonal is agreement.",
            plot,
            820,
            620
        );
    }

    // Every phase over all tokens, and every token.
    private static List<(double Engine, double Rtl)> Points(ChipCheckResult result) =>
        [
            .. result.Phases.Where(p => p.Engine > 0 && p.Rtl > 0).Select(p => ((double)p.Engine, (double)p.Rtl)),
            .. result.TokenCycles.Where(t => t.Engine > 0 && t.Rtl > 0).Select(t => ((double)t.Engine, (double)t.Rtl)),
        ];
}
