using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>
/// Values of the interpreter are plain objects: null (none), <see cref="Undefined"/>, bool, long, double, string,
/// <see cref="List{T}"/>, <see cref="OrderedDictionary{TKey,TValue}"/> and a few internal ones. This is what Python would make of them.
/// </summary>
internal static class JinjaValues
{
    /// <summary>What a missing name or key gives: false, empty text, no items.</summary>
    public static readonly object Undefined = new();

    public static bool IsTrue(object? value) =>
        value switch
        {
            null => false,
            bool flag => flag,
            long number => number != 0,
            double number => number != 0,
            string text => text.Length > 0,
            List<object?> list => list.Count > 0,
            OrderedDictionary<string, object?> map => map.Count > 0,
            _ => !ReferenceEquals(value, Undefined),
        };

    public static bool AreEqual(object? left, object? right) => AreEqual(left, right, new JinjaWalk());

    /// <summary>A number or a bool as a double; null for anything else.</summary>
    public static double? Number(object? value) =>
        value switch
        {
            bool flag => flag ? 1 : 0,
            long number => number,
            double number => number,
            _ => null,
        };

    /// <summary>Python's str().</summary>
    public static string ToText(object? value) =>
        value is string text ? text
        : ReferenceEquals(value, Undefined) ? ""
        : Represent(value, new JinjaWalk());

    /// <summary>Python's json.dumps, not escaping what is beyond ASCII.</summary>
    public static string ToJson(object? value, int? indent)
    {
        var json = new StringBuilder();
        WriteJson(json, value, indent, new JinjaWalk());
        return json.ToString();
    }

    public static object? FromJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
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
                (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second, walk)),
                (OrderedDictionary<string, object?> a, OrderedDictionary<string, object?> b) => a.Count == b.Count
                    && a.All(item => b.TryGetValue(item.Key, out var other) && AreEqual(item.Value, other, walk)),
                _ when Number(left) is { } x && Number(right) is { } y => x == y,
                _ => Equals(left, right),
            }
        );

    private static string Represent(object? value, JinjaWalk walk) =>
        value switch
        {
            null => "None",
            bool flag => flag ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => Float(number),
            string text => text.Contains('\'') && !text.Contains('"')
                ? $"\"{Escape(text)}\""
                : $"'{Escape(text).Replace("'", "\\'", StringComparison.Ordinal)}'",
            List<object?> list => walk.Inside(() => $"[{string.Join(", ", list.Select(item => Represent(item, walk)))}]"),
            OrderedDictionary<string, object?> map => walk.Inside(() =>
                $"{{{string.Join(", ", map.Select(item => $"{Represent(item.Key, walk)}: {Represent(item.Value, walk)}"))}}}"
            ),
            _ => ReferenceEquals(value, Undefined) ? "Undefined" : "<object>",
        };

    private static string Escape(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);

    private static string Float(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(number) && !text.Contains('.') && !text.Contains('E') ? text + ".0" : text;
    }

    private static void WriteJson(StringBuilder json, object? value, int? indent, JinjaWalk walk)
    {
        switch (value)
        {
            case List<object?> list:
                WriteItems(json, '[', ']', list, item => WriteJson(json, item, indent, walk), indent, walk);
                break;
            case OrderedDictionary<string, object?> map:
                WriteItems(
                    json,
                    '{',
                    '}',
                    map,
                    item =>
                    {
                        WriteJsonText(json, item.Key);
                        json.Append(": ");
                        WriteJson(json, item.Value, indent, walk);
                    },
                    indent,
                    walk
                );
                break;
            case string text:
                WriteJsonText(json, text);
                break;
            case bool flag:
                json.Append(flag ? "true" : "false");
                break;
            case null:
                json.Append("null");
                break;
            default:
                json.Append(ToText(value));
                break;
        }
    }

    private static void WriteItems<T>(
        StringBuilder json,
        char open,
        char close,
        IReadOnlyCollection<T> items,
        Action<T> write,
        int? indent,
        JinjaWalk walk
    )
    {
        json.Append(open);
        walk.Inside(() =>
        {
            var first = true;
            foreach (var item in items)
            {
                if (!first)
                    json.Append(indent is null ? ", " : ",");
                first = false;
                NewLine();
                write(item);
            }
            return first;
        });
        if (items.Count > 0)
            NewLine();
        json.Append(close);

        void NewLine()
        {
            if (indent is { } width)
                json.Append('\n').Append(' ', width * walk.Depth);
        }
    }

    private static void WriteJsonText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            json.Append(
                c switch
                {
                    '"' => "\\\"",
                    '\\' => @"\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    < ' ' => $"\\u{(int)c:x4}",
                    _ => c.ToString(),
                }
            );
        }
        json.Append('"');
    }
}
