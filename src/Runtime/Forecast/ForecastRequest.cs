using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Runtime.Forecast;

/// <summary>What to forecast, and how.</summary>
public sealed record ForecastRequest
{
    private const long MostBytes = 1L << 28;
    private const int MostSeries = 4096;

    /// <summary>Series, each forecast for itself.</summary>
    public required IReadOnlyList<TimeSeries> Series { get; init; }

    /// <summary>Whether the request gave a list of series.</summary>
    public bool IsBatch { get; init; }

    /// <summary>Points to forecast, at least 1.</summary>
    public required int Horizon { get; init; }

    /// <summary>How.</summary>
    public required ForecastConfig Config { get; init; }

    /// <summary>Reads a request from a JSON file.</summary>
    /// <exception cref="InputException">The file cannot be read or is no request.</exception>
    public static ForecastRequest Read(string path) =>
        Parse(JsonFile.Parse(RegularFile.ReadBytes(path, MostBytes, "a forecast request"), path, "correct it there"), path);

    /// <summary>
    /// A request from JSON: <c>series</c> (numbers, <c>null</c> where one is missing; or a list of such lists), <c>horizon</c>, and perhaps
    /// <c>config</c> and <c>mask</c> (true where a point is hidden, in the shape of the series).
    /// </summary>
    /// <param name="json">The request.</param>
    /// <param name="name">Where it is from, for messages.</param>
    /// <exception cref="InputException">It is no request.</exception>
    public static ForecastRequest Parse(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new InputException($"{name}: expected a JSON object with the keys series and horizon");
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
        {
            if (entry.Name is not ("series" or "horizon" or "config" or "mask"))
                throw new InputException(
                    $"{name}: unknown key {NameGate.Quoted(entry.Name)}; the keys are series, horizon, config and mask"
                );
            if (!given.TryAdd(entry.Name, entry.Value))
                throw new InputException($"{name}: key '{entry.Name}' is there twice; give it once");
        }

        if (!given.TryGetValue("series", out var values))
            throw new InputException($"{name}: key 'series' is missing; give a list of numbers");
        var (rows, batch) = Lists(values, name, "series");
        IReadOnlyList<JsonElement>? masks = null;
        if (given.TryGetValue("mask", out var mask))
        {
            (masks, var maskBatch) = Lists(mask, name, "mask");
            if (maskBatch != batch || masks.Count != rows.Count)
                throw new InputException($"{name}: key 'mask': expected the shape of 'series'");
        }

        return new ForecastRequest
        {
            Series = [.. rows.Select((row, i) => OneOf(row, masks?[i], batch ? $"{name}: series {i + 1}" : name))],
            IsBatch = batch,
            Horizon = HorizonOf(given, name),
            Config = given.TryGetValue("config", out var config)
                ? ForecastConfigKeys.With(new ForecastConfig(), config, name)
                : new ForecastConfig(),
        };
    }

    private static int HorizonOf(Dictionary<string, JsonElement> given, string name) =>
        given.TryGetValue("horizon", out var horizon)
        && horizon.ValueKind == JsonValueKind.Number
        && horizon.TryGetInt32(out var points)
        && points is >= 1 and <= ForecastConfigKeys.MostPoints
            ? points
            : throw new InputException(
                $"{name}: key 'horizon': expected the number of points to forecast, a whole number from 1 to "
                    + $"{ForecastConfigKeys.MostPoints}"
            );

    // A list of values, or a list of lists.
    private static (IReadOnlyList<JsonElement> Rows, bool IsBatch) Lists(JsonElement json, string name, string key)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw new InputException($"{name}: key '{key}': expected a list");
        var batch = json.GetArrayLength() > 0 && json[0].ValueKind == JsonValueKind.Array;
        if (!batch)
            return ([json], false);
        if (json.EnumerateArray().Any(row => row.ValueKind != JsonValueKind.Array))
            throw new InputException($"{name}: key '{key}': lists and single values are mixed; give one list, or a list of lists");
        return json.GetArrayLength() <= MostSeries
            ? ([.. json.EnumerateArray()], true)
            : throw new InputException($"{name}: key '{key}': {json.GetArrayLength()} series; give at most {MostSeries} at once");
    }

    private static TimeSeries OneOf(JsonElement values, JsonElement? mask, string name)
    {
        var series = new TimeSeries(
            [.. values.EnumerateArray().Select((value, i) => Value(value, i, name))],
            mask is { } hidden ? [.. hidden.EnumerateArray().Select((value, i) => Hidden(value, i, name))] : null
        );
        return series.Fault() is { } fault ? throw new InputException($"{name}: {fault}") : series;
    }

    private static double Value(JsonElement value, int index, string name) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => double.NaN,
            JsonValueKind.Number when value.TryGetDouble(out var number) => number,
            _ => throw new InputException(
                $"{name}: value {index + 1} of 'series' is {NameGate.Quoted(value.GetRawText())}; "
                    + "expected a number, or null where one is missing"
            ),
        };

    private static bool Hidden(JsonElement value, int index, string name) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : throw new InputException($"{name}: value {index + 1} of 'mask': expected true where the point is hidden, else false");
}
