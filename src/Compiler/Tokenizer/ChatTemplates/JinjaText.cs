using System.Globalization;
using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Text as Python handles it.</summary>
internal static class JinjaText
{
    private const string WhiteSpace =
        " \t\n\r\v\f\u001C\u001D\u001E\u001F\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
        + "\u2028\u2029\u202F\u205F\u3000";

    private static readonly (string Letter, string Capitals)[] SeveralCapitals =
    [
        ("ß", "SS"),
        ("ŉ", "ʼN"),
        ("ﬀ", "FF"),
        ("ﬁ", "FI"),
        ("ﬂ", "FL"),
        ("ﬃ", "FFI"),
        ("ﬄ", "FFL"),
        ("ﬅ", "ST"),
        ("ﬆ", "ST"),
    ];

    private const string LineEnds = "\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029";

    public static bool IsWhiteSpace(char c) => WhiteSpace.Contains(c);

    public static string Strip(string text, string? characters, bool start, bool end)
    {
        var set = (characters ?? WhiteSpace).ToCharArray();
        text = start ? text.TrimStart(set) : text;
        return end ? text.TrimEnd(set) : text;
    }

    public static string[] Words(string text) => text.Split(WhiteSpace.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Python's casefold: small letters, and what has several capitals spelled out.</summary>
    public static string Folded(string text)
    {
        text = text.ToLowerInvariant().Replace('ſ', 's').Replace('ς', 'σ');
        foreach (var (letter, capitals) in SeveralCapitals)
            text = text.Replace(letter, capitals.ToLowerInvariant(), StringComparison.Ordinal);
        return text;
    }

    /// <summary>Capitals, several for one letter where the alphabet has no single one.</summary>
    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        if (Ascii.IsValid(upper))
            return upper;
        foreach (var (letter, capitals) in SeveralCapitals)
            upper = upper.Replace(letter, capitals, StringComparison.Ordinal);
        return upper;
    }

    public static string Capitalize(string text) => text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    /// <summary>Python's title(): a capital behind everything that is no letter.</summary>
    public static string Title(string text) => string.Create(text.Length, text, (title, source) =>
        {
            var inWord = false;
            for (var i = 0; i < source.Length; i++)
            {
                title[i] = inWord ? char.ToLowerInvariant(source[i]) : char.ToUpperInvariant(source[i]);
                inWord = char.IsLetter(source[i]);
            }
        });

    public static string SwapCase(string text) =>
        string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));

    /// <summary>Whether there are letters with case and all have this one.</summary>
    public static bool IsCased(string text, bool upper) =>
        text.Any(c => char.IsUpper(c) || char.IsLower(c)) && !text.Any(upper ? char.IsLower : char.IsUpper);

    /// <summary>Python's splitlines.</summary>
    public static List<string> Lines(string text, bool keepEnds)
    {
        var lines = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!LineEnds.Contains(text[i]))
                continue;
            var end = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? i + 2 : i + 1;
            lines.Add(text[start..(keepEnds ? end : i)]);
            start = end;
            i = end - 1;
        }
        if (start < text.Length)
            lines.Add(text[start..]);
        return lines;
    }

    /// <summary>Python's replace: an empty old text is before, between and behind all characters; a negative
    /// count replaces all.</summary>
    public static string Replace(JinjaCall call, string text, string old, string replacement, long count)
    {
        if (count < 0)
            count = long.MaxValue;
        if (old.Length == 0)
        {
            call.Budget.Spend(call.Line, (text.Length + 1L) * (replacement.Length + 1L));
            var spread = new StringBuilder();
            foreach (var rune in text.EnumerateRunes())
                spread.Append(count-- > 0 ? replacement : "").Append(rune.ToString());
            return spread.Append(count > 0 ? replacement : "").ToString();
        }
        call.Budget.Spend(call.Line, text.Length + (Math.Min(count, text.AsSpan().Count(old)) * replacement.Length));
        if (count == long.MaxValue)
            return text.Replace(old, replacement, StringComparison.Ordinal);
        return string.Join(replacement, text.Split(old, (int)Math.Min(count + 1, int.MaxValue), StringSplitOptions.None));
    }

    /// <summary>Python's split and rsplit.</summary>
    public static List<object?> Split(string text, string? separator, long most, bool fromEnd)
    {
        var pieces = new List<object?>();
        var cuts = most < 0 ? long.MaxValue : most;
        if (fromEnd)
            SplitFromEnd(pieces, text, separator, cuts);
        else
            SplitFromStart(pieces, text, separator, cuts);
        return pieces;
    }

    public static string Center(string text, int width, string fill)
    {
        var missing = width - (int)JinjaValues.CodePoints(text);
        if (missing <= 0)
            return text;
        // Python puts the odd character to the left where the width is odd.
        var left = (missing / 2) + (missing & width & 1);
        return Repeat(fill, left) + text + Repeat(fill, missing - left);
    }

    public static string Repeat(string text, int count) => count <= 0 ? "" : new StringBuilder().Insert(0, text, count).ToString();

    /// <summary>Whether a text is not empty and all its characters have a property.</summary>
    public static bool All(string text, Func<Rune, bool> holds)
    {
        foreach (var rune in text.EnumerateRunes())
            if (!holds(rune))
                return false;
        return text.Length > 0;
    }

    /// <summary>Whether a character is a digit to Python's isdigit.</summary>
    public static bool IsDigit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber || (CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0);

    private static void SplitFromStart(List<object?> pieces, string text, string? separator, long cuts)
    {
        var at = 0;
        while (true)
        {
            if (separator is null)
            {
                while (at < text.Length && IsWhiteSpace(text[at]))
                    at++;
                if (at >= text.Length)
                    return;
            }
            var end = separator is null ? text.AsSpan(at).IndexOfAny(WhiteSpace) : text.AsSpan(at).IndexOf(separator);
            if (end < 0 || cuts-- <= 0)
            {
                pieces.Add(text[at..]);
                return;
            }
            pieces.Add(text.Substring(at, end));
            at += end + (separator?.Length ?? 1);
        }
    }

    private static void SplitFromEnd(List<object?> pieces, string text, string? separator, long cuts)
    {
        var end = text.Length;
        while (true)
        {
            if (separator is null)
            {
                while (end > 0 && IsWhiteSpace(text[end - 1]))
                    end--;
                if (end == 0)
                    return;
            }
            var at = separator is null ? text.AsSpan(0, end).LastIndexOfAny(WhiteSpace) : text.AsSpan(0, end).LastIndexOf(separator);
            if (at < 0 || cuts-- <= 0)
            {
                pieces.Insert(0, text[..end]);
                return;
            }
            var start = at + (separator?.Length ?? 1);
            pieces.Insert(0, text[start..end]);
            end = at;
        }
    }
}
