namespace TaalasSim.ChipModel.Languages;

/// <summary>Cells of CSV by RFC 4180. Spreadsheets run a text that begins like a formula; such a text gets an apostrophe before
/// it.</summary>
public static class CsvText
{
    /// <summary>A cell of text.</summary>
    /// <param name="text">Text; hidden characters are written as <c>\u001b</c>.</param>
    /// <param name="quoted">Quotes the cell even where it need not be.</param>
    public static string Cell(string text, bool quoted = false)
    {
        var shown = NameGate.Visible(text);
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] && !IsNumber(text))
            shown = "'" + shown;
        return quoted || shown.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : shown;
    }

    // A number stays one: -1 and +2.5e-3 are values, -1+cmd is none.
    private static bool IsNumber(string text) =>
        double.TryParse(
            text,
            System.Globalization.NumberStyles.AllowLeadingSign
                | System.Globalization.NumberStyles.AllowDecimalPoint
                | System.Globalization.NumberStyles.AllowExponent,
            System.Globalization.CultureInfo.InvariantCulture,
            out _
        );
}
