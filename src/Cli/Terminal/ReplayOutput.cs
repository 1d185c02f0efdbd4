using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Cli.Terminal;

/// <summary>Prints replayed traces: one trace with intervals, a column for each system; several as a row for each configuration.</summary>
internal static class ReplayOutput
{
    private static readonly (string Label, double Scale, Func<TraceFigures, UncertaintyRange> Read)[] Rows =
    [
        ("TTFT p50, ms", 1e3, f => f.TimeToFirstTokenSeconds.P50),
        ("TTFT p95, ms", 1e3, f => f.TimeToFirstTokenSeconds.P95),
        ("TTFT p99, ms", 1e3, f => f.TimeToFirstTokenSeconds.P99),
        ("TPOT p50, ms", 1e3, f => f.TimePerOutputTokenSeconds.P50),
        ("TPOT p99, ms", 1e3, f => f.TimePerOutputTokenSeconds.P99),
        ("latency p50, s", 1, f => f.LatencySeconds.P50),
        ("latency p95, s", 1, f => f.LatencySeconds.P95),
        ("latency p99, s", 1, f => f.LatencySeconds.P99),
        ("answer tokens/s", 1, f => f.TokensPerSecond),
        ("watts", 1, f => f.Watts),
        ("J per answer token", 1, f => f.JoulesPerToken),
        ("USD per million answer tokens", 1, f => f.UsdPerMillionTokens),
        ("USD per thousand requests", 1, f => f.UsdPerThousandRequests),
    ];

    /// <summary>Writes a report.</summary>
    public static void Write(TraceReport report, TextWriter o)
    {
        o.WriteLine(report.Model);
        foreach (var trace in report.Traces)
            o.WriteLine($"  {trace}");
        o.WriteLine();
        var served = report.Rows.Where(r => r.Figures is not null).ToList();
        if (served.Count > 0)
            (report.Traces.Count == 1 && served.Select(r => r.Replicas).Distinct().Count() == 1 ? One(served) : Several(served)).Write(o);
        if (served.Any(r => r.Figures!.Overloaded))
            o.WriteLine("  * more than it serves: the queue grows as long as requests come, and times with it");
        if (served.Count > 0)
            o.WriteLine("  (low – high): the trace replayed at both ends of the 90 % interval of speeds, powers and prices");
        foreach (var fault in report.Rows.Where(r => r.Unavailable.Length > 0).Select(r => $"{r.System}: {r.Unavailable}").Distinct())
            o.WriteLine(fault);
        foreach (var basis in report.Basis.Where(b => served.Exists(r => r.System == b.System)))
        foreach (var sentence in basis.Sentences)
            o.WriteLine($"{basis.System}: {sentence}");
    }

    /// <summary>A report for programs: times in microseconds.</summary>
    public static object Document(TraceReport report) =>
        new
        {
            report.Model,
            report.Traces,
            report.Basis,
            Rows = report.Rows.Select(r => new
            {
                r.System,
                r.Replicas,
                r.RequestsPerSecond,
                r.Unavailable,
                Figures = r.Figures is { } f ? Document(f) : null,
            }),
        };

    /// <summary>Figures for programs.</summary>
    public static object Document(TraceFigures figures) =>
        new
        {
            TimeToFirstTokenUs = Microseconds(figures.TimeToFirstTokenSeconds),
            TimePerOutputTokenUs = Microseconds(figures.TimePerOutputTokenSeconds),
            LatencyUs = Microseconds(figures.LatencySeconds),
            DurationUs = figures.DurationSeconds * 1e6,
            figures.TokensPerSecond,
            figures.MeanUsers,
            figures.MeanWaiting,
            figures.Parts,
            figures.Watts,
            figures.JoulesPerToken,
            figures.UsdPerMillionTokens,
            figures.UsdPerThousandRequests,
            figures.Overloaded,
        };

    private static Percentiles Microseconds(Percentiles seconds) => new(seconds.P50 * 1e6, seconds.P95 * 1e6, seconds.P99 * 1e6);

    private static TextTable One(List<TraceRow> served)
    {
        var table = new TextTable().Words("");
        foreach (var row in served)
            table.Words($"{Times(row)}{row.System}{(row.Figures!.Overloaded ? " *" : "")}");
        foreach (var (label, scale, read) in Rows)
            table.Row([label, .. served.Select(r => NumberText.Range(read(r.Figures!) * scale))]);
        table.Row(["users in service", .. served.Select(r => NumberText.Significant(r.Figures!.MeanUsers))]);
        table.Row(["users that wait", .. served.Select(r => NumberText.Significant(r.Figures!.MeanWaiting))]);
        table.Row(["utilisation", .. served.Select(r => Utilisation(r.Figures!))]);
        return table;
    }

    private static TextTable Several(List<TraceRow> served)
    {
        var table = new TextTable().Words("system").Numbers("requests/s");
        foreach (var head in new[] { "TTFT p50, ms", "p99", "TPOT p50, ms", "p99", "latency p99, s", "watts", "USD per Mtok" })
            table.Numbers(head);
        table.Words("utilisation");
        foreach (var row in served)
        {
            var f = row.Figures!;
            var (first, each) = (f.TimeToFirstTokenSeconds, f.TimePerOutputTokenSeconds);
            table.Row([
                $"{Times(row)}{row.System}{(f.Overloaded ? " *" : "")}",
                NumberText.Significant(row.RequestsPerSecond),
                NumberText.Significant(first.P50.Value * 1e3),
                NumberText.Significant(first.P99.Value * 1e3),
                NumberText.Significant(each.P50.Value * 1e3),
                NumberText.Significant(each.P99.Value * 1e3),
                NumberText.Significant(f.LatencySeconds.P99.Value),
                NumberText.Significant(f.Watts.Value),
                NumberText.Significant(f.UsdPerMillionTokens.Value),
                Utilisation(f),
            ]);
        }

        return table;
    }

    private static string Times(TraceRow row) => row.Replicas > 1 ? $"{NumberText.Count(row.Replicas)} × " : "";

    private static string Utilisation(TraceFigures figures) =>
        string.Join(", ", figures.Parts.Select(p => $"{NumberText.Significant(100 * p.Utilisation)} %"));
}
