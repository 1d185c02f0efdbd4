namespace TaalasSim.ChipModel.Languages;

/// <summary>Words of command lines that are shown for people to copy. The program itself starts none through a shell.</summary>
public static class ShellText
{
    /// <summary>A word that a POSIX shell takes as this text.</summary>
    public static string Word(string text)
    {
        var shown = NameGate.Visible(text);
        return
            shown.Length > 0
            && shown.All(c => char.IsAsciiLetterOrDigit(c) || c > '~' || "_-./:,+@%=".Contains(c, StringComparison.Ordinal))
            ? shown
            : $"'{shown.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
