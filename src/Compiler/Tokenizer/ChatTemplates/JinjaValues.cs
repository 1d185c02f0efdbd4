using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>
/// Values of the interpreter are plain objects: null (none), <see cref="Undefined"/>, bool, long, double, string,
/// <see cref="List{T}"/>, <see cref="JinjaMap"/> and a few internal ones. This is what Python would make of them.
/// </summary>
internal static class JinjaValues
{
    /// <summary>What a missing name or key gives: false, empty text, no items.</summary>
    public static readonly object Undefined = new();

    public static bool IsUndefined(object? value) => ReferenceEquals(value, Undefined);

    public static bool IsTrue(object? value) =>
        value switch
        {
            null => false,
            bool flag => flag,
            long number => number != 0,
            double number => number != 0,
            string text => text.Length > 0,
            List<object?> list => list.Count > 0,
            JinjaMap map => map.Count > 0,
            _ => !IsUndefined(value),
        };

    public static bool AreEqual(object? left, object? right) => AreEqual(left, right, new JinjaWalk());

    /// <summary>Python's order of two values: negative, 0 or positive; null where Python has none.</summary>
    public static int? Order(object? left, object? right) => Order(left, right, new JinjaWalk());

    /// <summary>A number or a bool as a double; null for anything else.</summary>
    public static double? Number(object? value) =>
        value switch
        {
            bool flag => flag ? 1 : 0,
            long number => number,
            double number => number,
            _ => null,
        };

    /// <summary>A whole number or a bool as a long; null for anything else.</summary>
    public static long? Whole(object? value) =>
        value switch
        {
            bool flag => flag ? 1 : 0,
            long number => number,
            _ => null,
        };

    /// <summary>Items of a list, keys of a map, characters of a text; none of an undefined value.</summary>
    public static List<object?> Items(JinjaBudget budget, int line, object? value) =>
        value switch
        {
            List<object?> list => list,
            JinjaMap map => budget.Made(line, map.Keys.ToList()),
            string text => budget.Made(line, text.EnumerateRunes().Select(object? (rune) => rune.ToString()).ToList()),
            _ when IsUndefined(value) => [],
            _ => throw JinjaFault.At(line, $"{JinjaOperators.NameOf(value)} has no items"),
        };

    /// <summary>Python's str().</summary>
    public static string ToText(object? value) =>
        value is string text ? text
        : IsUndefined(value) ? ""
        : Represent(value, new JinjaWalk());

    /// <summary>Python's repr().</summary>
    public static string Represent(object? value) => Represent(value, new JinjaWalk());

    /// <summary>Characters as Python counts them: code points.</summary>
    public static long CodePoints(string text)
    {
        var count = 0L;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    public static object? FromJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JinjaMap();
                foreach (var property in element.EnumerateObject())
                    map[property.Name] = FromJson(property.Value);
                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(FromJson).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }

    private static bool AreEqual(object? left, object? right, JinjaWalk walk) =>
        walk.Inside(() =>
            (left, right) switch
            {
                (List<object?> a, List<object?> b) => KindOf(a) == KindOf(b)
                    && a.Count == b.Count
                    && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second, walk)),
                (JinjaMap a, JinjaMap b) => a.Count == b.Count
                    && a.All(item => b.TryGetValue(item.Key, out var other) && AreEqual(item.Value, other, walk)),
                (long a, long b) => a == b,
                _ when Number(left) is { } x && Number(right) is { } y => x == y,
                _ => Equals(left, right),
            }
        );

    private static int? Order(object? left, object? right, JinjaWalk walk) =>
        walk.Inside(() =>
            (left, right) switch
            {
                (string a, string b) => CompareCodePoints(a, b),
                (long a, long b) => a.CompareTo(b),
                (List<object?> a, List<object?> b) when a is JinjaTuple == b is JinjaTuple => OrderOfLists(a, b, walk),
                _ when Number(left) is { } x && Number(right) is { } y => x.CompareTo(y),
                _ => null,
            }
        );

    // Lists of different kinds are never equal.
    private static int KindOf(List<object?> list) =>
        list switch
        {
            JinjaTuple => 1,
            JinjaRange => 2,
            _ => 0,
        };

    private static int? OrderOfLists(List<object?> left, List<object?> right, JinjaWalk walk)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
            if (!AreEqual(left[i], right[i], walk))
                return Order(left[i], right[i], walk);
        return left.Count.CompareTo(right.Count);
    }

    // Python compares code points; UTF-16 units would put the astral planes before U+E000.
    private static int CompareCodePoints(string left, string right)
    {
        using var a = left.EnumerateRunes().GetEnumerator();
        using var b = right.EnumerateRunes().GetEnumerator();
        while (true)
        {
            var (more, others) = (a.MoveNext(), b.MoveNext());
            if (!more || !others)
                return more.CompareTo(others);
            if (a.Current != b.Current)
                return a.Current.CompareTo(b.Current);
        }
    }

    private static string Represent(object? value, JinjaWalk walk) =>
        value switch
        {
            null => "None",
            bool flag => flag ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => JinjaNumbers.Print(number),
            string text => Quote(text),
            JinjaTuple { Count: 1 } tuple => walk.Inside(() => $"({Represent(tuple[0], walk)},)"),
            JinjaTuple tuple => walk.Inside(() => $"({Joined(tuple, walk)})"),
            JinjaView view => walk.Inside(() => $"{view.Name}([{Joined(view, walk)}])"),
            JinjaRange range => range.Text,
            List<object?> list => walk.Inside(() => $"[{Joined(list, walk)}]"),
            JinjaMap map => walk.Inside(() =>
                $"{{{string.Join(", ", map.Select(item => $"{Represent(item.Key, walk)}: {Represent(item.Value, walk)}"))}}}"
            ),
            JinjaNamespace space => walk.Inside(() => $"<Namespace {Represent(space.AsMap(), walk)}>"),
            _ => IsUndefined(value) ? "Undefined" : "<object>",
        };

    private static string Joined(List<object?> list, JinjaWalk walk) => string.Join(", ", list.Select(item => Represent(item, walk)));

    private static string Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
            quoted.Append(
                rune.Value switch
                {
                    '\\' => @"\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < ' ' or 0x7F => $"\\x{rune.Value:x2}",
                    _ when rune.Value == quote => $"\\{quote}",
                    _ when IsPrintable(rune) => rune.ToString(),
                    < 0x100 => $"\\x{rune.Value:x2}",
                    < 0x10000 => $"\\u{rune.Value:x4}",
                    _ => $"\\U{rune.Value:x8}",
                }
            );
        return quoted.Append(quote).ToString();
    }

    private static bool IsPrintable(Rune rune) =>
        rune.Value == ' '
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
            );
}
