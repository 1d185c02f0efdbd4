using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Cli.Terminal;

/// <summary>Results of <c>bench</c> in the output formats of llama-bench.</summary>
internal static class BenchOutput
{
    /// <summary>Names of the formats, the standard one first.</summary>
    public static string[] Formats { get; } = ["md", "csv", "json", "jsonl", "sql"];

    /// <summary>Text of all rows, ending with a newline.</summary>
    public static string Write(string format, IReadOnlyList<BenchRow> rows) =>
        format switch
        {
            "csv" => Csv(rows),
            "json" => Objects(rows).ToJsonString(Json.Options) + "\n",
            "jsonl" => string.Concat(rows.Select(r => Object(r).ToJsonString(Line) + "\n")),
            "sql" => Sql(rows),
            _ => Markdown(rows),
        };

    /// <summary>All rows as JSON objects.</summary>
    public static JsonArray Objects(IReadOnlyList<BenchRow> rows) => new([.. rows.Select(Object)]);

    private static System.Text.Json.JsonSerializerOptions Line { get; } = new(Json.Options) { WriteIndented = false };

    private static string Markdown(IReadOnlyList<BenchRow> rows)
    {
        (string Name, int Width, bool Right)[] columns =
        [
            ("model", 30, false),
            ("size", 10, true),
            ("params", 10, true),
            ("backend", 10, false),
            ("threads", 7, true),
            ("test", 15, true),
            ("t/s", 20, true),
            ("hw t/s", 12, true),
            ("hw W", 8, true),
            ("hw J/token", 12, true),
        ];
        var text = new StringBuilder();
        void Cells(IEnumerable<string> cells) => text.Append('|').AppendJoin('|', cells).Append("|\n");
        string Cell(int column, string value) =>
            columns[column].Right ? $" {value.PadLeft(columns[column].Width)} " : $" {value.PadRight(columns[column].Width)} ";

        Cells(columns.Select((c, i) => Cell(i, c.Name)));
        Cells(columns.Select(c => c.Right ? $" {new string('-', c.Width - 1)}: " : $" {new string('-', c.Width)} "));
        foreach (var row in rows)
        {
            var f = row.Fields().ToDictionary(x => x.Key, x => x.Value, StringComparer.Ordinal);
            string[] cells =
            [
                MarkdownText.Cell((string)f["model_type"]),
                Size((long)f["model_size"]),
                Parameters((long)f["model_n_params"]),
                MarkdownText.Cell((string)f["backends"]),
                Text(f["n_threads"]),
                row.Test,
                string.Create(CultureInfo.InvariantCulture, $"{f["avg_ts"]:F2} ± {f["stddev_ts"]:F2}"),
                NumberText.Significant(row.HardwareRate),
                NumberText.Significant(row.HardwareWatts),
                NumberText.Si((double)f["hw_joules_per_token"], "J"),
            ];
            Cells(cells.Select((c, i) => Cell(i, c)));
        }

        if (rows.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"\nbuild: {rows[0].Setup[0].Value} ({rows[0].Setup[1].Value})\n");
        return text.ToString();
    }

    private static string Csv(IReadOnlyList<BenchRow> rows)
    {
        var text = new StringBuilder();
        if (rows.Count > 0)
            text.AppendJoin(',', rows[0].Fields().Select(f => f.Key)).Append('\n');
        foreach (var row in rows)
            text.AppendJoin(',', row.Fields().Select(f => f.Value is string s ? CsvText.Cell(s, quoted: true) : $"\"{Text(f.Value)}\""))
                .Append('\n');
        return text.ToString();
    }

    private static string Sql(IReadOnlyList<BenchRow> rows)
    {
        var text = new StringBuilder();
        if (rows.Count > 0)
        {
            var columns = rows[0]
                .Fields()
                .Select(f => $"  {f.Key} {f.Value switch { string => "TEXT", double => "REAL", _ => "INTEGER" }}");
            text.Append("CREATE TABLE IF NOT EXISTS test (\n").AppendJoin(",\n", columns).Append("\n);\n\n");
        }

        foreach (var row in rows)
            text.Append("INSERT INTO test (")
                .AppendJoin(", ", row.Fields().Select(f => f.Key))
                .Append(") VALUES (")
                .AppendJoin(", ", row.Fields().Select(f => SqlText.Literal(Text(f.Value is bool b ? (b ? 1 : 0) : f.Value))))
                .Append(");\n");
        return text.ToString();
    }

    private static JsonObject Object(BenchRow row)
    {
        var o = new JsonObject();
        foreach (var (key, value) in row.Fields())
            o[key] = value switch
            {
                string s => s,
                bool b => b,
                long n => n,
                double d => d,
                _ => throw new InvalidOperationException($"{key}: no JSON form"),
            };
        o["samples_ns"] = new JsonArray([.. row.Samples.Select(s => JsonValue.Create(s.HostNs))]);
        o["samples_ts"] = new JsonArray([.. row.Rates.Select(r => JsonValue.Create(r))]);
        return o;
    }

    private static string Text(object value) =>
        value is bool b ? (b ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Size(long bytes) =>
        bytes < 1L << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F2} MiB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:F2} GiB");

    private static string Parameters(long count) =>
        count < 1_000_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:F2} M")
            : string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:F2} B");
}
