using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Reads a table of GPU measurements: comma-separated with quotes, the columns of <c>chips/gpus/measurements/calibration.csv</c>
/// in any order.</summary>
public static class GpuMeasurementFile
{
    private const long MaximumBytes = 64L << 20;

    private static readonly string[] Needed =
    [
        "id",
        "gpu",
        "n_gpus",
        "tp",
        "model",
        "weight_dtype",
        "kv_dtype",
        "engine",
        "engine_version",
        "batch_or_concurrency",
        "input_len",
        "output_len",
        "metric",
        "value",
        "source_title",
        "note",
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file is missing, too large or lacks a column.</exception>
    public static (IReadOnlyList<GpuMeasurement> Rows, IReadOnlyList<GpuUnmodelled> Faults) Read(string path)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: no such file; give a table of measurements");
        return Parse(RegularFile.ReadText(path, MaximumBytes, "a table of measurements"), path);
    }

    /// <summary>Reads text. A row whose value cannot be read is returned as a fault, not dropped.</summary>
    public static (IReadOnlyList<GpuMeasurement> Rows, IReadOnlyList<GpuUnmodelled> Faults) Parse(string text, string name)
    {
        var lines = Records(text);
        if (lines.Count == 0)
            throw new InputException($"{name}: is empty; expected a header line with {string.Join(',', Needed)}");
        var header = lines[0];
        var at = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < header.Count; i++)
            at.TryAdd(header[i].Trim().TrimStart('\uFEFF'), i);
        var missing = Needed.Where(n => !at.ContainsKey(n)).ToArray();
        if (missing.Length > 0)
            throw new InputException($"{name}:1: columns missing: {string.Join(", ", missing)}");

        var rows = new List<GpuMeasurement>();
        var faults = new List<GpuUnmodelled>();
        for (var i = 1; i < lines.Count; i++)
        {
            var fields = lines[i];
            if (fields.Select(f => NameGate.Fault(f, NameGate.LongestText)).FirstOrDefault(f => f is not null) is { } hidden)
                throw new InputException($"{name}: record {i + 1}: a field {hidden}");
            string Field(string column) => at.TryGetValue(column, out var k) && k < fields.Count ? fields[k].Trim() : "";
            var id = Field("id").Length > 0 ? Field("id") : string.Create(CultureInfo.InvariantCulture, $"record {i + 1}");
            if (
                !double.TryParse(Field("value"), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                || !(value > 0)
                || double.IsInfinity(value)
            )
            {
                faults.Add(new GpuUnmodelled(id, $"value '{Field("value")}' is not a positive number"));
                continue;
            }

            rows.Add(
                new GpuMeasurement
                {
                    Id = id,
                    Gpu = Field("gpu"),
                    Cards = Whole(Field("n_gpus"), 1),
                    TensorParallel = Whole(Field("tp"), 0),
                    Model = Field("model"),
                    WeightFormat = Field("weight_dtype"),
                    KvFormat = Field("kv_dtype"),
                    Engine = Field("engine"),
                    EngineVersion = Field("engine_version"),
                    Batch = Field("batch_or_concurrency"),
                    Input = Field("input_len"),
                    Output = Field("output_len"),
                    Metric = Field("metric"),
                    Value = value,
                    Source = Field("source_title"),
                    Note = Field("note"),
                    Scope = Field("scope"),
                    Arrival = Field("arrival"),
                    Year = Whole(Field("year"), 0),
                }
            );
        }

        return (rows, faults);
    }

    private static int Whole(string text, int otherwise) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65536
            ? (int)number
            : otherwise;

    /// <summary>Splits text into records of fields (RFC 4180: quotes may hold commas, line ends and doubled quotes).</summary>
    private static List<List<string>> Records(string text)
    {
        var records = new List<List<string>>();
        var record = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else
                    quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == ',')
            {
                record.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                End();
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }

        End();
        return records;

        void End()
        {
            if (record.Count > 0 || field.Length > 0)
            {
                record.Add(field.ToString());
                records.Add(record);
                record = [];
            }

            field.Clear();
        }
    }
}
