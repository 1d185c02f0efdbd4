using System.Globalization;
using System.Numerics;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's two ways to put values into text: <c>"%s" % x</c> and <c>"{}".format(x)</c>.</summary>
internal static class JinjaFormat
{
    /// <summary>The filter <c>format</c>: names where any are given, else values by place.</summary>
    public static string Percent(JinjaCall call)
    {
        var named = new JinjaMap();
        foreach (var (name, value) in call.Arguments.Named)
            named[name] = value;
        if (named.Count > 0 && call.Arguments.Count > 0)
            throw call.Fault("takes values by place or by name, not both");
        return Percent(call.Budget, call.Line, call.Text, named.Count > 0 ? named : new JinjaTuple(call.Arguments.Positional));
    }

    /// <summary>The operator <c>%</c> on text.</summary>
    public static string Percent(JinjaBudget budget, int line, string format, object? values)
    {
        var places = values as JinjaTuple ?? new JinjaTuple([values]);
        var (result, next, i) = (new StringBuilder(), 0, 0);
        var byName = false;
        while (i < format.Length)
        {
            if (format[i] != '%')
            {
                result.Append(format[i++]);
                continue;
            }
            i++;
            string? name = null;
            if (i < format.Length && format[i] == '(')
            {
                var close = format.IndexOf(')', i);
                if (close < 0)
                    throw JinjaFault.At(line, "the format has no ) for its (");
                name = format[(i + 1)..close];
                i = close + 1;
            }
            var spec = PercentSpec(budget, line, format, ref i, Next);
            if (i >= format.Length)
                throw JinjaFault.At(line, "the format ends within a %");
            var kind = format[i++];
            if (kind == '%')
            {
                result.Append('%');
                continue;
            }
            byName |= name is not null;
            var value =
                name is null ? Next()
                : values is JinjaMap map && map.TryGetValue(name, out var found) ? found
                : throw JinjaFault.At(line, $"the format has no value '{name}'");
            result.Append(PercentValue(line, kind, value, spec));
        }
        if (!byName && next < places.Count && values is not JinjaMap)
            throw JinjaFault.At(line, "the format does not use all its values");
        return result.ToString();

        object? Next() => next < places.Count ? places[next++] : throw JinjaFault.At(line, "the format has too few values");
    }

    /// <summary>The method <c>format</c>.</summary>
    public static string Braces(JinjaCall call)
    {
        var (format, result, i, next) = (call.Text, new StringBuilder(), 0, 0);
        while (i < format.Length)
        {
            var c = format[i++];
            if (c is '{' or '}' && i < format.Length && format[i] == c)
            {
                result.Append(c);
                i++;
            }
            else if (c == '}')
            {
                throw call.Fault("the format has a single }");
            }
            else if (c == '{')
            {
                var close = Closing(call, format, i);
                result.Append(Field(call, format[i..close], ref next));
                i = close + 1;
            }
            else
            {
                result.Append(c);
            }
        }
        return result.ToString();
    }

    private static int Closing(JinjaCall call, string format, int from)
    {
        var depth = 1;
        for (var i = from; i < format.Length; i++)
        {
            depth +=
                format[i] == '{' ? 1
                : format[i] == '}' ? -1
                : 0;
            if (depth == 0)
                return i;
        }
        throw call.Fault("the format has no } for its {");
    }

    private static string Field(JinjaCall call, string field, ref int next)
    {
        var colon = field.IndexOf(':');
        var (head, text) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        var mark = head.IndexOf('!');
        var (path, conversion) = mark < 0 ? (head, "") : (head[..mark], head[(mark + 1)..]);
        var value = Reached(call, path, ref next);
        value = conversion switch
        {
            "" => value,
            "s" => JinjaValues.ToText(value),
            "r" => JinjaValues.Represent(value),
            _ => throw call.Fault($"the conversion '!{conversion}' is not supported"),
        };
        // One level of fields within the specification, as in {:{width}}.
        var spec = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '{')
            {
                spec.Append(text[i]);
                continue;
            }
            var close = Closing(call, text, i + 1);
            spec.Append(JinjaValues.ToText(Reached(call, text[(i + 1)..close], ref next)));
            i = close;
        }
        return JinjaFormatSpec.Parse(call.Budget, call.Line, spec.ToString()).Apply(call.Line, value);
    }

    private static object? Reached(JinjaCall call, string path, ref int next)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        var name = end < 0 ? path : path[..end];
        object? value;
        if (name.Length == 0 || long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            var at = name.Length == 0 ? next++ : (int)Math.Min(long.Parse(name, CultureInfo.InvariantCulture), int.MaxValue);
            value = at < call.Arguments.Count ? call.Arguments.Positional[at] : throw call.Fault("the format has too few values");
        }
        else if (!call.Arguments.Named.TryGetValue(name, out value))
        {
            throw call.Fault($"the format has no value '{name}'");
        }
        var rest = end < 0 ? "" : path[end..];
        while (rest.Length > 0)
        {
            var item = rest[0] == '[';
            var stop = item ? rest.IndexOf(']') : rest.AsSpan(1).IndexOfAny('.', '[') + 1;
            if (item && stop < 0)
                throw call.Fault("the format has no ] for its [");
            var key = stop <= 0 ? rest[1..] : rest[1..stop];
            value = item
                ? JinjaAccess.Item(call.Budget, call.Line, value, long.TryParse(key, out var at) ? at : key)
                : JinjaAccess.Member(call.Budget, call.Line, value, key);
            if (JinjaValues.IsUndefined(value))
                throw call.Fault($"the format asks for '{key}', which is not there");
            rest = stop <= 0 ? "" : rest[(item ? stop + 1 : stop)..];
        }
        return value;
    }

    private static JinjaFormatSpec PercentSpec(JinjaBudget budget, int line, string format, ref int i, Func<object?> next)
    {
        var (left, zero, sign, alternate) = (false, false, '-', false);
        for (; i < format.Length && "-+ #0".Contains(format[i]); i++)
        {
            left |= format[i] == '-';
            zero |= format[i] == '0';
            alternate |= format[i] == '#';
            if (format[i] is '+' || (format[i] == ' ' && sign != '+'))
                sign = format[i];
        }
        var width = PercentCount(line, format, ref i, next) ?? 0;
        long? precision = null;
        if (i < format.Length && format[i] == '.')
        {
            i++;
            precision = PercentCount(line, format, ref i, next) ?? 0;
        }
        budget.Spend(line, Math.Abs(width) + (precision ?? 0));
        return new JinjaFormatSpec
        {
            Fill = zero && !left ? "0" : " ",
            Align =
                left || width < 0 ? '<'
                : zero ? '='
                : '>',
            Sign = sign,
            Alternate = alternate,
            Width = (int)Math.Abs(width),
            Precision = (int?)precision,
        };
    }

    private static long? PercentCount(int line, string format, ref int i, Func<object?> next)
    {
        if (i < format.Length && format[i] == '*')
        {
            i++;
            return JinjaValues.Whole(next()) ?? throw JinjaFault.At(line, "the format needs a whole number for *");
        }
        var start = i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
            i++;
        return i == start ? null
            : long.TryParse(format[start..i], out var count) ? count
            : long.MaxValue / 4;
    }

    private static string PercentValue(int line, char kind, object? value, JinjaFormatSpec spec)
    {
        switch (kind)
        {
            case 's':
                return Padded(spec, JinjaValues.ToText(value));
            case 'r' or 'a':
                return Padded(spec, JinjaValues.Represent(value));
            case 'c':
                return Padded(spec, value as string ?? char.ConvertFromUtf32((int)(JinjaValues.Whole(value) ?? 0)));
            case 'd' or 'i' or 'u':
                var whole = value is double real
                    ? new BigInteger(Math.Truncate(real))
                    : JinjaValues.Whole(value) ?? throw JinjaFault.At(line, $"%{kind} needs a number");
                return (spec with { Kind = 'd', Precision = null }).Whole(whole);
            case 'x' or 'X' or 'o':
                return (spec with { Kind = kind, Precision = null }).Whole(
                    JinjaValues.Whole(value) ?? throw JinjaFault.At(line, $"%{kind} needs a whole number")
                );
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                return (spec with { Kind = kind }).Number(
                    JinjaValues.Number(value) ?? throw JinjaFault.At(line, $"%{kind} needs a number")
                );
            default:
                throw JinjaFault.At(line, $"the format '%{kind}' is not supported");
        }
    }

    private static string Padded(JinjaFormatSpec spec, string text) =>
        (spec with { Fill = " ", Align = spec.Align == '<' ? '<' : '>' }).Text(text);
}
