namespace TaalasSim.ChipModel.Languages;

/// <summary>Values of SQL statements.</summary>
public static class SqlText
{
    /// <summary>A text literal with its quotes.</summary>
    public static string Literal(string text) => $"'{NameGate.Visible(text).Replace("'", "''", StringComparison.Ordinal)}'";
}
