using System.Globalization;
using System.Numerics;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's format specification: <c>[[fill]align][sign][#][0][width][,][.precision][kind]</c>.</summary>
internal sealed record JinjaFormatSpec
{
    public string Fill { get; init; } = " ";

    /// <summary>One of <c>&lt; &gt; ^ =</c>; null for the value's own.</summary>
    public char? Align { get; init; }

    public char Sign { get; init; } = '-';

    public bool Alternate { get; init; }

    public int Width { get; init; }

    /// <summary>Comma or underscore between thousands; null for none.</summary>
    public char? Thousands { get; init; }

    public int? Precision { get; init; }

    public char? Kind { get; init; }

    public static JinjaFormatSpec Parse(JinjaBudget budget, int line, string text)
    {
        var spec = new JinjaFormatSpec();
        var i = 0;
        if (text.Length > 1 && "<>^=".Contains(text[1]))
            (spec, i) = (spec with { Fill = text[..1], Align = text[1] }, 2);
        else if (text.Length > 0 && "<>^=".Contains(text[0]))
            (spec, i) = (spec with { Align = text[0] }, 1);
        if (i < text.Length && "+- ".Contains(text[i]))
            spec = spec with { Sign = text[i++] };
        if (i < text.Length && text[i] == '#')
            (spec, i) = (spec with { Alternate = true }, i + 1);
        if (i < text.Length && text[i] == '0')
            (spec, i) = (spec with { Fill = spec.Align is null ? "0" : spec.Fill, Align = spec.Align ?? '=' }, i + 1);
        spec = spec with { Width = Count(line, text, ref i) ?? 0 };
        if (i < text.Length && text[i] is ',' or '_')
            spec = spec with { Thousands = text[i++] };
        if (i < text.Length && text[i] == '.')
        {
            i++;
            spec = spec with { Precision = Count(line, text, ref i) ?? throw JinjaFault.At(line, "the format has a point without digits") };
        }
        if (i < text.Length)
            spec = spec with { Kind = text[i++] };
        if (i < text.Length)
            throw JinjaFault.At(line, $"the format '{text}' is not supported");
        budget.Spend(line, (long)spec.Width + (spec.Precision ?? 0));
        return spec;
    }

    /// <summary>A value in this form.</summary>
    public string Apply(int line, object? value)
    {
        switch (value)
        {
            case string text when Kind is null or 's':
                return Text(text);
            case long or bool when Kind is null or 'd' or 'x' or 'X' or 'o' or 'b' or 'c' or 'n':
                return value is bool && Kind is null ? Text(JinjaValues.ToText(value)) : Whole(JinjaValues.Whole(value)!.Value);
            case long or bool or double when Kind is null or 'f' or 'F' or 'e' or 'E' or 'g' or 'G' or '%' or 'n':
                return Number(JinjaValues.Number(value)!.Value);
            case null or List<object?> or JinjaMap when this == new JinjaFormatSpec():
                return JinjaValues.ToText(value);
            default:
                return JinjaValues.IsUndefined(value)
                    ? ""
                    : throw JinjaFault.At(line, $"{JinjaOperators.NameOf(value)} cannot be formatted as '{Kind}'");
        }
    }

    public string Text(string text)
    {
        if (Precision is { } most && JinjaValues.CodePoints(text) > most)
            text = string.Concat(text.EnumerateRunes().Take(most).Select(rune => rune.ToString()));
        return Padded("", text, Align ?? '<');
    }

    public string Whole(BigInteger number)
    {
        var size = BigInteger.Abs(number);
        var (prefix, digits) = Kind switch
        {
            'x' => ("0x", Hexadecimal(size)),
            'X' => ("0X", Hexadecimal(size).ToUpperInvariant()),
            'o' => ("0o", InBase(size, 8)),
            'b' => ("0b", InBase(size, 2)),
            'c' => ("", char.ConvertFromUtf32((int)size)),
            _ => ("", size.ToString(CultureInfo.InvariantCulture)),
        };
        return Padded(SignOf(number < 0) + (Alternate ? prefix : ""), Grouped(digits), Align ?? '>');
    }

    public string Number(double number)
    {
        var size = Math.Abs(number);
        var digits = Kind switch
        {
            _ when !double.IsFinite(number) => double.IsNaN(number) ? "nan" : "inf",
            'f' or 'F' => Fixed(size, Precision ?? 6),
            '%' => Fixed(size * 100, Precision ?? 6) + "%",
            'e' or 'E' => Scientific(size, Precision ?? 6),
            null when Precision is null => JinjaNumbers.Print(size),
            _ => General(size, Precision ?? 6, Kind is null),
        };
        digits = Kind is 'E' or 'F' or 'G' ? digits.ToUpperInvariant() : digits;
        return Padded(SignOf(number < 0 || double.IsNegative(number)), Grouped(digits), Align ?? '>');
    }

    private static string Fixed(double size, int places) =>
        JinjaNumbers.Round(size, places).ToString($"F{places}", CultureInfo.InvariantCulture);

    private static string Scientific(double size, int places)
    {
        var text = size.ToString($"E{places}", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        var exponent = int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{text[..mark]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    private static string General(double size, int precision, bool keepsPoint)
    {
        precision = Math.Max(1, precision);
        var scientific = Scientific(size, precision - 1);
        var exponent = size == 0 ? 0 : int.Parse(scientific[(scientific.IndexOf('e') + 1)..], CultureInfo.InvariantCulture);
        var plain = exponent >= -4 && exponent < (keepsPoint ? precision - 1 : precision);
        if (!plain)
        {
            var mark = scientific.IndexOf('e');
            return Trimmed(scientific[..mark]) + scientific[mark..];
        }
        var text = Trimmed(Fixed(size, precision - 1 - exponent));
        return keepsPoint && !text.Contains('.') ? text + ".0" : text;
    }

    private static string Trimmed(string digits) => digits.Contains('.') ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Hexadecimal(BigInteger size) =>
        size.IsZero ? "0" : size.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    private static string InBase(BigInteger size, int numberBase)
    {
        var digits = "";
        do
        {
            digits = (size % numberBase).ToString(CultureInfo.InvariantCulture) + digits;
            size /= numberBase;
        } while (size > 0);
        return digits;
    }

    private static int? Count(int line, string text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
            i++;
        return i == start ? null
            : int.TryParse(text[start..i], out var count) && count < 1_000_000 ? count
            : throw JinjaFault.At(line, "the format has too large a number");
    }

    private string SignOf(bool negative) =>
        negative ? "-"
        : Sign == '-' ? ""
        : Sign.ToString();

    private string Grouped(string digits)
    {
        if (Thousands is null)
            return digits;
        var end = digits.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var whole = end < 0 ? digits : digits[..end];
        var grouped = new System.Text.StringBuilder();
        for (var i = 0; i < whole.Length; i++)
        {
            if (i > 0 && (whole.Length - i) % 3 == 0)
                grouped.Append(Thousands);
            grouped.Append(whole[i]);
        }
        return grouped.Append(end < 0 ? "" : digits[end..]).ToString();
    }

    private string Padded(string sign, string text, char align)
    {
        var missing = Width - (int)JinjaValues.CodePoints(sign + text);
        if (missing <= 0)
            return sign + text;
        return align switch
        {
            '<' => sign + text + JinjaText.Repeat(Fill, missing),
            '^' => JinjaText.Repeat(Fill, missing / 2) + sign + text + JinjaText.Repeat(Fill, missing - (missing / 2)),
            '=' => sign + JinjaText.Repeat(Fill, missing) + text,
            _ => JinjaText.Repeat(Fill, missing) + sign + text,
        };
    }
}
