using System.Globalization;
using System.Text;

namespace TaalasSim.Training.Tokenizer;

/// <summary>
/// Cuts text into words as GPT-2 does, by the pattern
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// Written over code points, because .NET's regular expressions see letters beyond U+FFFF as two surrogates.
/// </summary>
public static class Gpt2Split
{
    private static readonly string[] s_contractions = ["s", "t", "re", "ve", "m", "ll", "d"];

    /// <summary>The words, which joined give the text again.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        for (var start = 0; start < runes.Length; )
        {
            var end = EndOfWord(runes, start);
            yield return string.Concat(runes[start..end].Select(r => r.ToString()));
            start = end;
        }
    }

    private static int EndOfWord(Rune[] runes, int start)
    {
        if (runes[start].Value == '\'' && EndOfContraction(runes, start) is var contraction and > 0)
            return contraction;
        var first = runes[start].Value == ' ' && start + 1 < runes.Length ? start + 1 : start;
        var kind = KindOf(runes[first]);
        if (kind != Kind.Space)
            return EndOfRun(runes, first, kind);
        var end = EndOfRun(runes, start, Kind.Space);
        return end < runes.Length && end - start > 1 ? end - 1 : end; // \s+(?!\S) leaves the last space to the word after it
    }

    private static int EndOfContraction(Rune[] runes, int start)
    {
        foreach (var letters in s_contractions)
        {
            var end = start + 1 + letters.Length;
            if (end <= runes.Length && letters.Select((c, i) => runes[start + 1 + i].Value == c).All(same => same))
                return end;
        }
        return -1;
    }

    private static int EndOfRun(Rune[] runes, int start, Kind kind)
    {
        var end = start;
        while (end < runes.Length && KindOf(runes[end]) == kind)
            end++;
        return end;
    }

    private static Kind KindOf(Rune rune) =>
        Rune.IsWhiteSpace(rune)
            ? Kind.Space
            : Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter => Kind.Letter,
                UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
                _ => Kind.Other,
            };

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }
}
