namespace TaalasSim.ChipModel.Languages;

/// <summary>Cells of tables in Markdown.</summary>
public static class MarkdownText
{
    /// <summary>A cell: bars, which end it, and the marks that begin HTML and links are escaped.</summary>
    public static string Cell(string text)
    {
        var shown = NameGate.Visible(text);
        return shown.AsSpan().IndexOfAny("|<[`\\") < 0
            ? shown
            : string.Concat(shown.Select(c => c is '|' or '<' or '[' or '`' or '\\' ? $"\\{c}" : c.ToString()));
    }
}
