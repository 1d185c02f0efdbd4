using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Advice;

namespace TaalasSim.Cli.Terminal;

/// <summary>Prints ranked ways to serve a model.</summary>
internal static class AdviceOutput
{
    /// <summary>Writes a report.</summary>
    public static void Write(AdviceReport report, TextWriter o)
    {
        o.WriteLine($"{report.Model}, prices of {report.PricesDate}");
        o.WriteLine($"  {report.Traffic}\n");
        var can = report.Rows.Where(r => r.Unavailable.Length == 0).ToList();
        var table = new TextTable().Words("").Numbers("systems");
        foreach (var head in new[] { "TTFT p50, ms", "p99", "TPOT p50, ms", "p99", "watts" })
            table.Numbers(head);
        table.Words("USD a month").Words("quality").Words("with");
        foreach (var row in can)
            table.Row([
                row.System,
                row.Replicas > 0 ? NumberText.Count(row.Replicas) : "–",
                Milliseconds(row, f => f.TimeToFirstTokenSeconds.P50),
                Milliseconds(row, f => f.TimeToFirstTokenSeconds.P99),
                Milliseconds(row, f => f.TimePerOutputTokenSeconds.P50),
                Milliseconds(row, f => f.TimePerOutputTokenSeconds.P99),
                row.Figures is { } f ? NumberText.Significant(f.Watts.Value) : "–",
                row.UsdPerMonth is { } usd ? NumberText.Range(usd) : "–",
                row.Quality,
                string.Join("; ", row.Broken.Prepend(row.Detail)),
            ]);
        table.Write(o);
        o.WriteLine("  –: not known; (low – high): 90 % interval");
        foreach (var row in report.Rows.Where(r => r.Unavailable.Length > 0))
            o.WriteLine($"{row.System}: cannot serve: {row.Unavailable}");
        o.WriteLine();
        foreach (var sentence in report.Verdict)
            o.WriteLine(sentence);
    }

    /// <summary>A report for programs: times in microseconds.</summary>
    public static object Document(AdviceReport report) =>
        new
        {
            report.Model,
            report.Traffic,
            report.PricesDate,
            Rows = report.Rows.Select(r => new
            {
                r.System,
                r.Detail,
                r.Replicas,
                Figures = r.Figures is { } f ? ReplayOutput.Document(f) : null,
                r.UsdPerMonth,
                r.Quality,
                r.Broken,
                r.Unavailable,
            }),
            report.Verdict,
        };

    private static string Milliseconds(AdviceRow row, Func<Reports.Traces.TraceFigures, UncertaintyRange> read) =>
        row.Figures is { } f ? NumberText.Significant(read(f).Value * 1e3) : "–";
}
