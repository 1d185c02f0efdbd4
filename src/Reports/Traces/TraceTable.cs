using System.Globalization;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Traces;

/// <summary>Replayed traces as CSV: a row for each configuration, every interval as three columns, all digits.</summary>
public static class TraceTable
{
    private static readonly (string Name, Func<TraceFigures, UncertaintyRange> Read)[] Ranges =
    [
        ("time_to_first_token_p50_seconds", f => f.TimeToFirstTokenSeconds.P50),
        ("time_to_first_token_p95_seconds", f => f.TimeToFirstTokenSeconds.P95),
        ("time_to_first_token_p99_seconds", f => f.TimeToFirstTokenSeconds.P99),
        ("time_per_output_token_p50_seconds", f => f.TimePerOutputTokenSeconds.P50),
        ("time_per_output_token_p95_seconds", f => f.TimePerOutputTokenSeconds.P95),
        ("time_per_output_token_p99_seconds", f => f.TimePerOutputTokenSeconds.P99),
        ("latency_p50_seconds", f => f.LatencySeconds.P50),
        ("latency_p95_seconds", f => f.LatencySeconds.P95),
        ("latency_p99_seconds", f => f.LatencySeconds.P99),
        ("duration_seconds", f => f.DurationSeconds),
        ("tokens_per_second", f => f.TokensPerSecond),
        ("watts", f => f.Watts),
        ("joules_per_token", f => f.JoulesPerToken),
        ("usd_per_million_tokens", f => f.UsdPerMillionTokens),
        ("usd_per_thousand_requests", f => f.UsdPerThousandRequests),
    ];

    /// <summary>The table with its first line.</summary>
    public static string Csv(TraceReport report)
    {
        var head = new List<string> { "system", "replicas", "requests_per_second", "unavailable", "overloaded", "mean_users" };
        head.AddRange(["mean_waiting", "utilisation"]);
        head.AddRange(Ranges.SelectMany(r => new[] { r.Name, r.Name + "_low", r.Name + "_high" }));
        return string.Join('\n', report.Rows.Select(Line).Prepend(string.Join(',', head))) + "\n";
    }

    private static string Line(TraceRow row)
    {
        var cells = new List<string>
        {
            CsvText.Cell(row.System),
            row.Replicas.ToString(CultureInfo.InvariantCulture),
            double.IsFinite(row.RequestsPerSecond) ? Number(row.RequestsPerSecond) : "",
            CsvText.Cell(row.Unavailable),
        };
        if (row.Figures is { } f)
        {
            var busy = string.Join(' ', f.Parts.Select(p => Number(p.Utilisation)));
            cells.AddRange([f.Overloaded ? "true" : "false", Number(f.MeanUsers), Number(f.MeanWaiting), busy]);
            foreach (var (_, read) in Ranges)
                cells.AddRange([Number(read(f).Value), Number(read(f).Low), Number(read(f).High)]);
        }
        else
        {
            cells.AddRange(Enumerable.Repeat("", 4 + (3 * Ranges.Length)));
        }

        return string.Join(',', cells);
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
