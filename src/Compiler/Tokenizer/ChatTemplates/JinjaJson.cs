using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's json.dumps with the arguments that Hugging Face's <c>tojson</c> takes.</summary>
internal sealed class JinjaJson
{
    private readonly StringBuilder _json = new();
    private readonly JinjaWalk _walk = new();

    private int Line { get; init; }

    /// <summary>Whether everything beyond ASCII is escaped.</summary>
    private bool Ascii { get; init; }

    /// <summary>Text that indents a level; null for one line.</summary>
    private string? Indent { get; init; }

    private string ItemSeparator { get; init; } = ", ";

    private string KeySeparator { get; init; } = ": ";

    private bool SortsKeys { get; init; }

    /// <summary>The filter <c>tojson(ensure_ascii, indent, separators, sort_keys)</c>.</summary>
    public static string Of(JinjaCall call)
    {
        var indent = call.Get(1) switch
        {
            null => null,
            string text => text,
            var number when JinjaValues.Whole(number) is { } width => new string(' ', (int)Math.Clamp(width, 0, 64)),
            _ => throw call.Fault("'indent' must be a whole number or text"),
        };
        var separators = call.Get(2) switch
        {
            null => (indent is null ? ", " : ",", ": "),
            List<object?> { Count: 2 } pair when pair[0] is string item && pair[1] is string key => (item, key),
            _ => throw call.Fault("'separators' must be two texts"),
        };
        var writer = new JinjaJson
        {
            Line = call.Line,
            Ascii = call.Flag(0),
            Indent = indent,
            ItemSeparator = separators.Item1,
            KeySeparator = separators.Item2,
            SortsKeys = call.Flag(3),
        };
        writer.Write(call.Target);
        return writer._json.ToString();
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case JinjaView view:
                throw Refuse(view.Name);
            case JinjaRange:
                throw Refuse("range");
            case List<object?> list:
                WriteItems('[', ']', list, Write);
                break;
            case JinjaMap map:
                IEnumerable<KeyValuePair<object?, object?>> items = map;
                if (SortsKeys)
                    items = Sorted(map);
                WriteItems('{', '}', [.. items], WriteItem);
                break;
            case string text:
                WriteText(text);
                break;
            case bool flag:
                _json.Append(flag ? "true" : "false");
                break;
            case null:
                _json.Append("null");
                break;
            case long whole:
                _json.Append(whole.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                _json.Append(Number(number));
                break;
            default:
                throw Refuse(JinjaOperators.NameOf(value));
        }
    }

    // A comparison that fails ends a sort with another exception, so that all keys are compared with the first one before.
    private IEnumerable<KeyValuePair<object?, object?>> Sorted(JinjaMap map)
    {
        if (map.Any(item => JinjaValues.Order(map.First().Key, item.Key) is null))
            throw JinjaFault.At(Line, "'tojson' cannot sort keys of different kinds");
        return map.Order(
            Comparer<KeyValuePair<object?, object?>>.Create((a, b) => JinjaValues.Order(a.Key, b.Key) ?? 0)
        );
    }

    private void WriteItem(KeyValuePair<object?, object?> item)
    {
        WriteText(
            item.Key switch
            {
                string text => text,
                bool flag => flag ? "true" : "false",
                null => "null",
                long whole => whole.ToString(CultureInfo.InvariantCulture),
                double number => Number(number),
                _ => throw Refuse("a key that is a tuple"),
            }
        );
        _json.Append(KeySeparator);
        Write(item.Value);
    }

    private void WriteItems<T>(char open, char close, IReadOnlyCollection<T> items, Action<T> write)
    {
        _json.Append(open);
        _walk.Inside(() =>
        {
            var first = true;
            foreach (var item in items)
            {
                if (!first)
                    _json.Append(ItemSeparator);
                first = false;
                NewLine();
                write(item);
            }
            return first;
        });
        if (items.Count > 0)
            NewLine();
        _json.Append(close);
    }

    private void NewLine()
    {
        if (Indent is null)
            return;
        _json.Append('\n');
        for (var i = 0; i < _walk.Depth; i++)
            _json.Append(Indent);
    }

    private void WriteText(string text)
    {
        _json.Append('"');
        foreach (var c in text)
            _json.Append(
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
                    > '~' when Ascii => $"\\u{(int)c:x4}",
                    _ => c.ToString(),
                }
            );
        _json.Append('"');
    }

    private static string Number(double number) =>
        double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
        : JinjaNumbers.Print(number);

    private InputException Refuse(string what) => JinjaFault.At(Line, $"'tojson' cannot write {what}");
}
