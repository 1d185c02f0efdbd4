using System.Globalization;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Runtime.Forecast;

/// <summary>The keys of a <see cref="ForecastConfig"/> as requests and options spell them.</summary>
public static class ForecastConfigKeys
{
    /// <summary>Most points that a key takes.</summary>
    public const int MostPoints = 1 << 24;

    private static readonly Dictionary<string, Func<ForecastConfig, bool, ForecastConfig>> Switches = new(StringComparer.Ordinal)
    {
        ["normalize_inputs"] = (c, on) => c with { NormalizeInputs = on },
        ["use_continuous_quantile_head"] = (c, on) => c with { UseContinuousQuantileHead = on },
        ["force_flip_invariance"] = (c, on) => c with { ForceFlipInvariance = on },
        ["infer_is_positive"] = (c, on) => c with { InferIsPositive = on },
        ["fix_quantile_crossing"] = (c, on) => c with { FixQuantileCrossing = on },
        ["return_backcast"] = (c, on) => c with { ReturnBackcast = on },
    };

    private static readonly Dictionary<string, (int Least, Func<ForecastConfig, int, ForecastConfig> Set)> Numbers = new(
        StringComparer.Ordinal
    )
    {
        ["max_context"] = (0, (c, n) => c with { MaxContext = n }),
        ["max_horizon"] = (0, (c, n) => c with { MaxHorizon = n }),
        ["per_core_batch_size"] = (1, (c, n) => c with { PerCoreBatchSize = n }),
    };

    /// <summary>Every key.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Numbers.Keys, .. Switches.Keys];

    /// <summary>A configuration with one key set from an option <c>KEY=VALUE</c>.</summary>
    /// <exception cref="InputException">No such key, or no value for it.</exception>
    public static ForecastConfig WithOption(ForecastConfig config, string text)
    {
        var parts = text.Split('=', 2);
        var json = parts.Length == 2 && IsPlain(parts[1]) ? JsonElement.Parse(parts[1]) : default;
        return parts.Length == 2 ? With(config, parts[0], json, $"--set {text}") : throw Unknown($"--set {text}", parts[0]);
    }

    /// <summary>A configuration with the keys of a JSON object.</summary>
    /// <param name="config">What keys that are absent keep.</param>
    /// <param name="json">The object.</param>
    /// <param name="name">Where it is from, for messages.</param>
    /// <exception cref="InputException">A key is unknown, there twice or has no value for it.</exception>
    public static ForecastConfig With(ForecastConfig config, JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new InputException($"{name}: key 'config': expected an object with keys such as max_context");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
        {
            if (!seen.Add(entry.Name))
                throw new InputException($"{name}: config {NameGate.Quoted(entry.Name)} is there twice; give it once");
            config = With(config, entry.Name, entry.Value, $"{name}: config {NameGate.Quoted(entry.Name)}");
        }

        return config;
    }

    private static ForecastConfig With(ForecastConfig config, string key, JsonElement value, string name)
    {
        if (Switches.TryGetValue(key, out var set))
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? set(config, value.ValueKind == JsonValueKind.True)
                : throw new InputException($"{name}: expected true or false");
        if (!Numbers.TryGetValue(key, out var number))
            throw Unknown(name, key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var given) && given >= number.Least && given <= MostPoints
            ? number.Set(config, given)
            : throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"{name}: expected a whole number from {number.Least} to {MostPoints}")
            );
    }

    private static bool IsPlain(string value) =>
        value is "true" or "false"
        || (value.Length is > 0 and < 10 && value.All(char.IsAsciiDigit) && (value[0] != '0' || value.Length == 1));

    private static InputException Unknown(string name, string key) =>
        new($"{name}: unknown key{NearestName.Hint(key, All)}; the keys are {string.Join(", ", All)}");
}
