using System.Text;

namespace TaalasSim.ChipModel.Languages;

/// <summary>The gate for text that comes from files and arguments: what may be a name, and how any text is shown.</summary>
public static class NameGate
{
    /// <summary>Most characters of a name.</summary>
    public const int LongestName = 200;

    /// <summary>Most characters of any other text of a description: sources, notes, paths.</summary>
    public const int LongestText = 4096;

    /// <summary>Why a text can be no name; null when it can. A name has no control characters, no line or paragraph separators, no
    /// characters that change the direction of text, and no halves of characters.</summary>
    /// <param name="text">Text as it was read.</param>
    /// <param name="longest">Most characters.</param>
    public static string? Fault(string text, int longest = LongestName)
    {
        if (text.Length > longest)
            return $"has {text.Length} characters; at most {longest} are allowed";
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (IsHidden(text[i]) || char.IsSurrogate(text[i]))
                return $"holds the character U+{(int)text[i]:X4}, which no name may have";
        }

        return null;
    }

    /// <summary>Whether a character is not seen, or changes how others are seen: controls, separators of lines, and marks that override the
    /// direction of text.</summary>
    public static bool IsHidden(char c) =>
        char.IsControl(c)
        || c
            is '\u061C'
                or '\u200E'
                or '\u200F'
                or '\u2028'
                or '\u2029'
                or (>= '\u202A' and <= '\u202E')
                or (>= '\u2066' and <= '\u2069')
                or '\uFEFF';

    /// <summary>The text in one line with hidden characters, escape sequences among them, written as <c>\u001b</c>.</summary>
    public static string Visible(string text) => text.AsSpan().IndexOfAny(Hidden) < 0 ? text : Escape(text, keepLayout: false);

    /// <summary>Text of a file for one line of a message: in quotes, visible, at most 80 characters of it.</summary>
    public static string Quoted(string text)
    {
        const int Longest = 80;
        return text.Length > Longest ? $"'{Visible(text[..Longest])}…'" : $"'{Visible(text)}'";
    }

    /// <summary>The text with hidden characters written as <c>\u001b</c>; line ends and tabs stay.</summary>
    public static string VisibleLines(string text) => text.AsSpan().IndexOfAny(Hidden) < 0 ? text : Escape(text, keepLayout: true);

    private static readonly System.Buffers.SearchValues<char> Hidden = System.Buffers.SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(IsHidden),
    ]);

    private static string Escape(string text, bool keepLayout)
    {
        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            if (IsHidden(c) && !(keepLayout && (c is '\n' or '\r' or '\t')))
                shown.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else
                shown.Append(c);
        return shown.ToString();
    }
}
