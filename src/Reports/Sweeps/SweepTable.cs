using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Reports.Sweeps;

/// <summary>The rows of a sweep as CSV and Parquet with the same columns, ordered by point; the same bytes at any thread count.</summary>
public static class SweepTable
{
    /// <summary>Name of the CSV file.</summary>
    public const string CsvName = "sweep.csv";

    /// <summary>Name of the Parquet file.</summary>
    public const string ParquetName = "sweep.parquet";

    // Rows of a Parquet row group: readers take in one at a time.
    private const int GroupRows = 1 << 16;

    /// <summary>Writes both files under temporary names and renames them into place.</summary>
    public static void Write(SweepResult result, string folder)
    {
        using var set = new OutputSet();
        set.Add(Path.Combine(folder, CsvName), stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
            WriteCsv(result, result.Rows, writer);
        });
        set.Add(Path.Combine(folder, ParquetName), stream => WriteParquetAsync(result, stream).GetAwaiter().GetResult());
        set.Commit();
    }

    /// <summary>Column name of a varied field: its path with underscores.</summary>
    public static string FieldColumn(string field) => field.Replace('.', '_');

    /// <summary>Whether every value of a field is a number; then its column holds numbers, otherwise text.</summary>
    public static bool IsNumeric(SweepAxis axis) =>
        axis.Range is not null
        || (axis.Compute.Length > 0 && (SweepFile.IsWhole(axis.Field) || SweepFile.Replacement(axis.Field) is not null))
        || axis.Values.Count > 0
            && SweepGrid
                .Values(axis)
                .All(v => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n));

    /// <summary>CSV by RFC 4180 with LF line ends; an empty cell is no value.</summary>
    public static string Csv(SweepResult result)
    {
        using var text = new StringWriter();
        WriteCsv(result, result.Rows, text);
        return text.ToString();
    }

    /// <summary>Writes rows of a sweep as CSV.</summary>
    internal static void WriteCsv(SweepResult result, IEnumerable<SweepRow> rows, TextWriter text)
    {
        var columns = SweepColumns.OfFigures;
        text.Write(
            string.Join(
                ',',
                [
                    "point",
                    .. result.Spec.Vary.Select(a => CsvText.Cell(FieldColumn(a.Field))),
                    "status",
                    "reason",
                    .. columns.Select(c => c.Name),
                    .. VerdictNames(result),
                ]
            )
        );
        text.Write('\n');
        Span<char> digits = stackalloc char[32];
        foreach (var row in rows)
        {
            text.Write(row.Point.ToString(CultureInfo.InvariantCulture));
            foreach (var value in SweepGrid.Point(result.Spec, row.Point).Values)
            {
                text.Write(',');
                text.Write(CsvText.Cell(value ?? ""));
            }

            text.Write(',');
            text.Write(StatusName(row.Status));
            text.Write(',');
            text.Write(CsvText.Cell(row.Reason));
            foreach (var column in columns)
            {
                text.Write(',');
                if (column.Of(row.Figures) is { } value && value.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture))
                    text.Write(digits[..length]);
            }

            foreach (var verdict in Verdicts(result, row.Point))
                text.Write(verdict ? ",true" : ",false");
            text.Write('\n');
        }
    }

    /// <summary>Word of a status in tables: <c>ok</c>, <c>does_not_fit</c>, <c>invalid</c>, <c>failed</c>.</summary>
    public static string StatusName(SweepStatus status) =>
        status switch
        {
            SweepStatus.Ok => "ok",
            SweepStatus.DoesNotFit => "does_not_fit",
            SweepStatus.Invalid => "invalid",
            _ => "failed",
        };

    private static async Task WriteParquetAsync(SweepResult result, Stream stream)
    {
        var fields = new List<DataField> { new DataField<int>("point") };
        foreach (var axis in result.Spec.Vary)
            fields.Add(Field(result.Spec, axis));
        fields.Add(new DataField<string>("status"));
        fields.Add(new DataField<string>("reason"));
        fields.AddRange(SweepColumns.OfFigures.Select(c => new DataField<double?>(c.Name)));
        fields.AddRange(VerdictNames(result).Select(name => new DataField<bool>(name)));
        var writer = await ParquetWriter
            .CreateAsync(new ParquetSchema(fields), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd })
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            writer.CustomMetadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["taalas_sweep"] = result.Spec.Name,
                ["taalas_digest"] = result.Digest,
            };
            for (var first = 0; first < result.Rows.Count; first += GroupRows)
                await WriteGroupAsync(result, first, Math.Min(GroupRows, result.Rows.Count - first), fields, writer).ConfigureAwait(false);
        }
    }

    private static async Task WriteGroupAsync(
        SweepResult result,
        int first,
        int count,
        IReadOnlyList<DataField> fields,
        ParquetWriter writer
    )
    {
        var rows = new SweepRow[count];
        for (var i = 0; i < count; i++)
            rows[i] = result.Rows[first + i];
        var values = Array.ConvertAll(rows, r => SweepGrid.Point(result.Spec, r.Point).Values);
        using var group = writer.CreateRowGroup();
        var at = 0;
        await group.WriteAsync<int>(fields[at++], Array.ConvertAll(rows, r => r.Point)).ConfigureAwait(false);
        for (var i = 0; i < result.Spec.Vary.Count; i++)
        {
            var axis = result.Spec.Vary[i];
            if (!IsNumeric(axis))
                await group.WriteAsync(fields[at++], Array.ConvertAll(values, v => v[i])).ConfigureAwait(false);
            else if (HasGaps(result.Spec, axis))
                await group
                    .WriteAsync<double>(fields[at++], Array.ConvertAll(values, v => v[i] is { } n ? Number(n) : (double?)null))
                    .ConfigureAwait(false);
            else
                await group.WriteAsync<double>(fields[at++], Array.ConvertAll(values, v => Number(v[i]!))).ConfigureAwait(false);
        }

        await group.WriteAsync(fields[at++], Array.ConvertAll(rows, r => StatusName(r.Status))).ConfigureAwait(false);
        await group.WriteAsync(fields[at++], Array.ConvertAll(rows, r => r.Reason)).ConfigureAwait(false);
        foreach (var column in SweepColumns.OfFigures)
            await group.WriteAsync<double>(fields[at++], Array.ConvertAll(rows, r => column.Of(r.Figures))).ConfigureAwait(false);
        var verdicts = Array.ConvertAll(rows, r => Verdicts(result, r.Point).ToArray());
        for (var i = 0; i < VerdictNames(result).Count; i++)
            await group.WriteAsync<bool>(fields[at++], Array.ConvertAll(verdicts, v => v[i])).ConfigureAwait(false);
    }

    // A field with a condition, or a formula that may fail, has no value at some points.
    private static bool HasGaps(SweepSpec spec, SweepAxis axis) =>
        spec.Mode == SweepMode.Tornado || axis.When.Length > 0 || axis.Compute.Length > 0;

    private static DataField Field(SweepSpec spec, SweepAxis axis) =>
        !IsNumeric(axis) ? new DataField<string>(FieldColumn(axis.Field))
        : HasGaps(spec, axis) ? new DataField<double?>(FieldColumn(axis.Field))
        : new DataField<double>(FieldColumn(axis.Field));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> VerdictNames(SweepResult result) =>
        result.Verdicts is null ? []
        : result.Spec.Objectives.Count > 0 ? ["meets_constraints", "on_front"]
        : ["meets_constraints"];

    private static IEnumerable<bool> Verdicts(SweepResult result, int point)
    {
        if (result.Verdicts is not { } verdicts)
            yield break;
        yield return verdicts.Meets(point);
        if (verdicts.IsOnFront(point) is { } on)
            yield return on;
    }
}
