using System.Globalization;
using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>Whole numbers between bounds, as a rule on their digits.</summary>
internal static class SchemaIntegers
{
    // Digits of the largest number when there is no upper bound, as for every number of JSON here.
    private const int MostDigits = 16;

    /// <summary>The rule of an integer schema with bounds; null without any.</summary>
    /// <exception cref="InputException">A bound is not a whole number, or nothing lies between them.</exception>
    public static string? Range(JsonElement schema)
    {
        var least = Bound(schema, "minimum") ?? Bound(schema, "exclusiveMinimum") + 1;
        var most = Bound(schema, "maximum") ?? Bound(schema, "exclusiveMaximum") - 1;
        if (least is null && most is null)
            return null;
        var largest = Power(MostDigits) - 1;
        var (low, high) = (least ?? -largest, most ?? largest);
        if (low > high || low < -largest || high > largest)
            throw new InputException($"JSON schema conversion failed:\nminimum and maximum: no whole number lies between {low} and {high}");
        var parts = new List<string>();
        if (low < 0)
            parts.Add("\"-\" (" + string.Join(" | ", Positive(Math.Max(1, -high), -low)) + ")");
        if (high >= 0)
            parts.AddRange(Positive(Math.Max(0, low), high));
        return "(" + string.Join(" | ", parts) + ")";
    }

    private static long? Bound(JsonElement schema, string key) =>
        !schema.TryGetProperty(key, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var n) ? n
        : throw new InputException($"JSON schema conversion failed:\n{key} must be a whole number");

    private static long Power(int digits) => (long)Math.Pow(10, digits);

    // Numbers without a sign or leading zeros, one alternative for each count of digits.
    private static IEnumerable<string> Positive(long low, long high)
    {
        for (var digits = low.ToString(CultureInfo.InvariantCulture).Length; ; digits++)
        {
            var (first, last) = (digits == 1 ? 0 : Power(digits - 1), Power(digits) - 1);
            if (first > high)
                yield break;
            var format = "D" + digits.ToString(CultureInfo.InvariantCulture);
            yield return SameLength(
                Math.Max(low, first).ToString(format, CultureInfo.InvariantCulture),
                Math.Min(high, last).ToString(format, CultureInfo.InvariantCulture)
            );
        }
    }

    private static string SameLength(string low, string high)
    {
        if (low.Length == 0)
            return "";
        var (from, to) = (low[0], high[0]);
        if (low.Length == 1)
            return Digits(from, to);
        var (rest, zeros, nines) = (low.Length - 1, new string('0', low.Length - 1), new string('9', low.Length - 1));
        if (low[1..] == zeros && high[1..] == nines)
            return $"{Digits(from, to)} [0-9]{{{rest.ToString(CultureInfo.InvariantCulture)}}}";
        if (from == to)
            return $"{Digits(from, from)} ({SameLength(low[1..], high[1..])})";
        var parts = new List<string> { $"{Digits(from, from)} ({SameLength(low[1..], nines)})" };
        if (to - from > 1)
            parts.Add($"{Digits((char)(from + 1), (char)(to - 1))} [0-9]{{{rest.ToString(CultureInfo.InvariantCulture)}}}");
        parts.Add($"{Digits(to, to)} ({SameLength(zeros, high[1..])})");
        return "(" + string.Join(" | ", parts) + ")";
    }

    private static string Digits(char from, char to) => from == to ? $"[{from}]" : $"[{from}-{to}]";
}
