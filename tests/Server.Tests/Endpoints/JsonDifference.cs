using System.Text.Json;
using System.Text.RegularExpressions;

namespace TaalasSim.Server.Tests.Endpoints;

/// <summary>Compares a recorded document with another one: every recorded field must be there and equal, numbers to 1e-3; times, rates,
/// identifiers and fields listed as volatile are not compared, nor the words of errors.</summary>
internal sealed partial class JsonDifference(IEnumerable<string> volatilePaths)
{
    private readonly HashSet<string> _volatile = new(volatilePaths, StringComparer.Ordinal);

    /// <summary>What differs.</summary>
    public List<string> Found { get; } = [];

    /// <summary>Compares two values at a path.</summary>
    public void Compare(JsonElement expected, JsonElement? found, string path)
    {
        if (_volatile.Contains(path) || Passing().IsMatch(path) || path.EndsWith("/error/message", StringComparison.Ordinal))
            return;
        if (found is not { } value || value.ValueKind != expected.ValueKind)
        {
            Found.Add($"{path}: {expected.GetRawText()} expected, {found?.GetRawText() ?? "nothing"} found");
            return;
        }
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in expected.EnumerateObject())
                    Compare(property.Value, value.TryGetProperty(property.Name, out var other) ? other : null, $"{path}/{property.Name}");
                break;
            case JsonValueKind.Array:
                if (expected.GetArrayLength() != value.GetArrayLength())
                    Found.Add($"{path}: {expected.GetArrayLength()} elements expected, {value.GetArrayLength()} found");
                else
                    for (var i = 0; i < expected.GetArrayLength(); i++)
                        Compare(expected[i], value[i], $"{path}/{i}");
                break;
            case JsonValueKind.Number:
                var (a, b) = (expected.GetDouble(), value.GetDouble());
                if (Math.Abs(a - b) > 1e-3 * Math.Max(1, Math.Abs(a)))
                    Found.Add($"{path}: {a} expected, {b} found");
                break;
            default:
                if (expected.GetRawText() != value.GetRawText())
                    Found.Add($"{path}: {expected.GetRawText()} expected, {value.GetRawText()} found");
                break;
        }
    }

    [GeneratedRegex(
        "(_ms|_per_second|_per_token|created|system_fingerprint|build_info|model_path|id_task|created_at|completed_at"
            + "|/(id|item_id|response_id))$"
    )]
    private static partial Regex Passing();
}
