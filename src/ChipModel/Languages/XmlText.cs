using System.Text;

namespace TaalasSim.ChipModel.Languages;

/// <summary>Text of HTML, SVG and other XML.</summary>
public static class XmlText
{
    /// <summary>The text without characters that XML forbids and without marks that change the direction of what follows; each becomes
    /// U+FFFD. Markup stays as it is.</summary>
    public static string Allowed(string text)
    {
        if (!text.Any(c => IsForbidden(c) || char.IsSurrogate(c)))
            return text;
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.IsBmp && IsForbidden((char)rune.Value))
                kept.Append('\uFFFD');
            else
                kept.Append(rune.ToString());
        return kept.ToString();
    }

    /// <summary>The text with its markup escaped, for elements and for attributes in double quotes.</summary>
    public static string Escaped(string text) => System.Net.WebUtility.HtmlEncode(Allowed(text));

    private static bool IsForbidden(char c) => (NameGate.IsHidden(c) && c is not ('\n' or '\t')) || c is '\uFFFE' or '\uFFFF';
}
