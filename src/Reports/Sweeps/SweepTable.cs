using System.Globalization;
using System.Text;
using System.Text.Json;
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

    /// <summary>Writes both files under temporary names and renames them into place.</summary>
    public static void Write(SweepResult result, string folder)
    {
        using var set = new OutputSet();
        set.Add(Path.Combine(folder, CsvName), stream => stream.Write(Encoding.UTF8.GetBytes(Csv(result))));
        set.Add(Path.Combine(folder, ParquetName), stream => WriteParquetAsync(result, stream).GetAwaiter().GetResult());
        set.Commit();
    }

    /// <summary>Column name of a varied field: its path with underscores.</summary>
    public static string FieldColumn(string field) => field.Replace('.', '_');

    /// <summary>Whether every value of a field is a number; then its column holds numbers, otherwise text.</summary>
    public static bool IsNumeric(SweepAxis axis) =>
        SweepGrid
            .Values(axis)
            .All(v => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n));

    /// <summary>CSV by RFC 4180 with LF line ends; an empty cell is no value.</summary>
    public static string Csv(SweepResult result)
    {
        var text = new StringBuilder();
        var columns = SweepColumns.OfFigures;
        text.AppendJoin(
                ',',
                [
                    "point",
                    .. result.Spec.Vary.Select(a => CsvText.Cell(FieldColumn(a.Field))),
                    "status",
                    "reason",
                    .. columns.Select(c => c.Name),
                ]
            )
            .Append('\n');
        foreach (var row in result.Rows)
        {
            text.Append(row.Point.ToString(CultureInfo.InvariantCulture));
            foreach (var value in SweepGrid.Point(result.Spec, row.Point).Values)
                text.Append(',').Append(CsvText.Cell(value));
            text.Append(',').Append(StatusName(row.Status)).Append(',').Append(CsvText.Cell(row.Reason));
            foreach (var column in columns)
                text.Append(',').Append(column.Of(row.Figures)?.ToString("R", CultureInfo.InvariantCulture));
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Word of a status in tables: <c>ok</c>, <c>does_not_fit</c>, <c>invalid</c>, <c>failed</c>.</summary>
    public static string StatusName(SweepStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static async Task WriteParquetAsync(SweepResult result, Stream stream)
    {
        var fields = new List<DataField> { new DataField<int>("point") };
        var values = result.Rows.Select(r => SweepGrid.Point(result.Spec, r.Point).Values).ToArray();
        foreach (var axis in result.Spec.Vary)
            fields.Add(IsNumeric(axis) ? new DataField<double>(FieldColumn(axis.Field)) : new DataField<string>(FieldColumn(axis.Field)));
        fields.Add(new DataField<string>("status"));
        fields.Add(new DataField<string>("reason"));
        fields.AddRange(SweepColumns.OfFigures.Select(c => new DataField<double?>(c.Name)));
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
            using var group = writer.CreateRowGroup();
            var at = 0;
            await group.WriteAsync<int>(fields[at++], result.Rows.Select(r => r.Point).ToArray()).ConfigureAwait(false);
            for (var i = 0; i < result.Spec.Vary.Count; i++)
            {
                if (IsNumeric(result.Spec.Vary[i]))
                    await group
                        .WriteAsync<double>(fields[at++], values.Select(v => double.Parse(v[i], CultureInfo.InvariantCulture)).ToArray())
                        .ConfigureAwait(false);
                else
                    await group.WriteAsync(fields[at++], values.Select(v => v[i]).ToArray()).ConfigureAwait(false);
            }

            await group.WriteAsync(fields[at++], result.Rows.Select(r => StatusName(r.Status)).ToArray()).ConfigureAwait(false);
            await group.WriteAsync(fields[at++], result.Rows.Select(r => r.Reason).ToArray()).ConfigureAwait(false);
            foreach (var column in SweepColumns.OfFigures)
                await group.WriteAsync<double>(fields[at++], result.Rows.Select(r => column.Of(r.Figures)).ToArray()).ConfigureAwait(false);
        }
    }
}
