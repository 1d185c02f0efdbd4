namespace TaalasSim.ChipModel.Languages;

/// <summary>Names of libraries and cells in GDSII.</summary>
public static class GdsText
{
    /// <summary>Most characters of a name (GDSII Stream Format 6.0, STRNAME).</summary>
    public const int LongestName = 32;

    /// <summary>The name, when GDSII allows it: letters, digits, <c>_</c>, <c>?</c> and <c>$</c>.</summary>
    /// <exception cref="ArgumentException">It has other characters, or is too long.</exception>
    public static string Name(string text) =>
        text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '?' or '$')
            ? text
            : throw new ArgumentException($"'{NameGate.Visible(text)}' is no name of a GDSII cell", nameof(text));
}
