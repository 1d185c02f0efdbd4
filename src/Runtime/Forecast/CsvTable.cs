using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Forecast;

/// <summary>The cells of a CSV file (RFC 4180, commas), every row as long as the first.</summary>
internal static class CsvTable
{
    private const long MostBytes = 1L << 28;

    /// <summary>Reads a file.</summary>
    /// <returns>Rows with the line that each begins in; empty rows at the end are left out.</returns>
    /// <exception cref="InputException">The file cannot be read, a quote is open, or a row has another length.</exception>
    public static List<(int Line, string[] Cells)> Read(string path)
    {
        var rows = Split(RegularFile.ReadText(path, MostBytes, "a CSV file"), path);
        while (rows.Count > 0 && rows[^1].Cells is [""])
            rows.RemoveAt(rows.Count - 1);
        if (rows.Count == 0)
            throw new InputException($"{path}: is empty; give one row for each point of the series");
        foreach (var (line, cells) in rows)
            if (cells.Length != rows[0].Cells.Length)
                throw new InputException(
                    $"{path}: line {line}: {cells.Length} cells, the first row has {rows[0].Cells.Length}; give every row the same number"
                );
        return rows;
    }

    private static List<(int Line, string[] Cells)> Split(string text, string path)
    {
        var rows = new List<(int, string[])>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var (line, begun, quoted, opened) = (1, 1, false, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[++i]);
                else if (c == '"')
                    quoted = false;
                else
                    cell.Append(c);
                line += c == '\n' ? 1 : 0;
            }
            else if (c == '"' && cell.Length == 0)
                (quoted, opened) = (true, line);
            else if (c == ',')
                Next(cells, cell);
            else if (c == '\n')
            {
                Next(cells, cell);
                rows.Add((begun, [.. cells]));
                cells.Clear();
                begun = ++line;
            }
            else if (c != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
                cell.Append(c);
        }

        if (quoted)
            throw new InputException($"{path}: line {opened}: a quote is opened and never closed");
        if (cell.Length > 0 || cells.Count > 0)
        {
            Next(cells, cell);
            rows.Add((begun, [.. cells]));
        }

        return rows;
    }

    private static void Next(List<string> cells, StringBuilder cell)
    {
        cells.Add(cell.ToString().Trim());
        cell.Clear();
    }
}
