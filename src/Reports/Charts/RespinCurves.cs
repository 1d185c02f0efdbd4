using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Reports.Charts;

/// <summary>Cumulative costs of a service with new models, over its months.</summary>
public static class RespinCurves
{
    /// <summary>One curve for each system; the chip's with its intervals. Those of prices would hide the curves, and are in the
    /// table.</summary>
    public static SeriesData From(RespinReport report) =>
        new()
        {
            Title = $"{report.Model}: a new model every {NumberText.Counted(report.Plan.RespinMonths, "month")}",
            XLabel = "month",
            YLabel = "spent so far, million USD",
            Curves =
            [
                .. report.Systems.Select(
                    (s, i) =>
                        new Series(
                            s.Name,
                            [
                                .. report
                                    .Months.Zip(s.CumulativeUsd, (month, usd) => (month, Usd: usd * 1e-6))
                                    .Select(p => new SeriesPoint(p.month, i == 0 ? p.Usd : UncertaintyRange.Exact(p.Usd.Value))),
                            ]
                        )
                ),
            ],
        };
}
