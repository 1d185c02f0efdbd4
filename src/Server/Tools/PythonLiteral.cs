using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Tools;

/// <summary>Reads a literal of Python from a text that may not be whole yet: texts, numbers, <c>True</c>, <c>None</c>, lists and
/// dictionaries, and the words of JSON for the same.</summary>
internal sealed class PythonLiteral(string text, int at)
{
    private const int Deepest = 64;
    private static readonly (string Word, JsonNode? Value)[] Words =
    [
        ("True", true),
        ("true", true),
        ("False", false),
        ("false", false),
        ("None", null),
        ("null", null),
    ];
    private int _depth;

    /// <summary>Where it ends.</summary>
    public int At { get; private set; } = at;

    /// <summary>Whether the text ended in it.</summary>
    public bool IsCut => At >= text.Length;

    /// <summary>Reads it; false when there is none, or not all of it.</summary>
    public bool TryRead(out JsonNode? value)
    {
        value = null;
        SkipSpace();
        if (IsCut || _depth > Deepest)
            return false;
        switch (text[At])
        {
            case '"' or '\'':
                return TryText(out value);
            case '[' or '(':
                return TryList(text[At] == '[' ? ']' : ')', out value);
            case '{':
                return TryDictionary(out value);
            default:
                return TryWord(out value);
        }
    }

    private bool TryWord(out JsonNode? value)
    {
        value = null;
        var start = At;
        while (!IsCut && (char.IsAsciiLetterOrDigit(text[At]) || text[At] is '.' or '-' or '+' or '_'))
            At++;
        // What follows may belong to it.
        if (IsCut)
            return false;
        var word = text[start..At];
        foreach (var (name, known) in Words)
            if (word == name)
            {
                value = known?.DeepClone();
                return true;
            }
        var number = word.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            value = whole;
        else if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
            value = real;
        return value is not null;
    }

    private bool TryText(out JsonNode? value)
    {
        var quote = text[At++];
        var made = new StringBuilder();
        value = null;
        while (!IsCut && text[At] != quote)
        {
            var c = text[At++];
            if (c != '\\')
            {
                made.Append(c);
                continue;
            }
            if (IsCut)
                return false;
            c = text[At++];
            var digits = c switch
            {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            if (digits == 0)
                made.Append(Escaped(c));
            else if (!TryCode(digits, made))
                return false;
        }
        if (IsCut)
            return false;
        At++;
        value = made.ToString();
        return true;
    }

    private bool TryCode(int digits, StringBuilder made)
    {
        if (At + digits > text.Length)
        {
            At = text.Length;
            return false;
        }
        if (!uint.TryParse(text.AsSpan(At, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            return false;
        At += digits;
        if (code <= char.MaxValue)
            made.Append((char)code);
        else if (Rune.IsValid(code))
            made.Append(new Rune(code));
        else
            return false;
        return true;
    }

    // A letter without a meaning keeps its backslash.
    private static string Escaped(char c) =>
        c switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            '\\' or '"' or '\'' or '/' => c.ToString(),
            '\n' => "",
            _ => "\\" + c,
        };

    private bool TryList(char close, out JsonNode? value)
    {
        var list = new JsonArray();
        value = list;
        return TryItems(close, () =>
        {
            if (!TryRead(out var item))
                return false;
            list.Add(item);
            return true;
        });
    }

    private bool TryDictionary(out JsonNode? value)
    {
        var members = new JsonObject();
        value = members;
        return TryItems('}', () =>
        {
            if (
                !TryRead(out var key)
                || key?.GetValueKind() != System.Text.Json.JsonValueKind.String
                || !Takes(':')
                || !TryRead(out var item)
            )
                return false;
            members[key.GetValue<string>()] = item;
            return true;
        });
    }

    private bool TryItems(char close, Func<bool> tryItem)
    {
        At++;
        _depth++;
        while (!Takes(close))
            if (!tryItem() || (!Takes(',') && (IsCut || text[At] != close)))
                return false;
        _depth--;
        return true;
    }

    private bool Takes(char c)
    {
        SkipSpace();
        if (IsCut || text[At] != c)
            return false;
        At++;
        return true;
    }

    private void SkipSpace()
    {
        while (!IsCut && char.IsWhiteSpace(text[At]))
            At++;
    }
}
