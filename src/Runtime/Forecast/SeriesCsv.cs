using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Runtime.Forecast;

/// <summary>Reads a series from a column of a CSV file.</summary>
public static class SeriesCsv
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a series.</summary>
    /// <param name="path">File, with a row of names or without.</param>
    /// <param name="column">Name or number (from 1) of the column; null for the only one that holds numbers.</param>
    /// <returns>The series and the name of its column. Empty cells are missing values.</returns>
    /// <exception cref="InputException">The file is malformed, or the column is absent or holds something else than numbers.</exception>
    public static (TimeSeries Series, string Column) Read(string path, string? column)
    {
        var rows = CsvTable.Read(path);
        var named = rows[0].Cells.Any(cell => cell.Length > 0 && Number(cell) is null);
        string[] names = named
            ? rows[0].Cells
            : [.. Enumerable.Range(1, rows[0].Cells.Length).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        var data = named ? rows[1..] : rows;
        if (data.Count == 0)
            throw new InputException($"{path}: has a row of names and no values; give one row for each point of the series");
        var index = column is null ? OnlyColumn(path, names, data) : Named(path, names, column);
        var values = data.Select(row => Value(path, row.Line, names[index], row.Cells[index])).ToArray();
        if (Array.TrueForAll(values, double.IsNaN))
            throw new InputException($"{path}: column {NameGate.Quoted(names[index])} holds no value");
        var series = new TimeSeries(values);
        return series.Fault() is { } fault ? throw new InputException($"{path}: {fault}") : (series, names[index]);
    }

    private static int Named(string path, string[] names, string column)
    {
        var at = Array.IndexOf(names, column);
        if (at >= 0)
            return Array.LastIndexOf(names, column) == at
                ? at
                : throw new InputException($"{path}: several columns are named {NameGate.Quoted(column)}; give its number, from 1");
        return
            int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= names.Length
            ? number - 1
            : throw new InputException(
                $"{path}: no column {NameGate.Quoted(column)}{NearestName.Hint(column, names)}; the columns are {List(names)}"
            );
    }

    private static int OnlyColumn(string path, string[] names, List<(int Line, string[] Cells)> data)
    {
        var faults = Enumerable
            .Range(0, names.Length)
            .Select(c => data.Count(row => row.Cells[c].Length > 0 && Number(row.Cells[c]) is null));
        var ranked = faults.Select((count, index) => (count, index)).Where(f => data.Exists(row => row.Cells[f.index].Length > 0)).ToList();
        var numeric = ranked.Where(f => f.count == 0).ToList();
        if (numeric.Count > 1)
            throw new InputException(
                $"{path}: several columns hold numbers ({List(numeric.Select(f => names[f.index]))}); choose one with --column"
            );
        // Where none is without faults, the nearest is the one to complain about.
        return ranked.Count > 0
            ? ranked.MinBy(f => f.count).index
            : throw new InputException($"{path}: no column holds a value; give one row for each point of the series");
    }

    private static double Value(string path, int line, string column, string cell) =>
        cell.Length == 0
            ? double.NaN
            : Number(cell)
                ?? throw new InputException(
                    $"{path}: line {line}, column {NameGate.Quoted(column)}: {NameGate.Quoted(cell)} is no number; "
                        + "write it with a point, and leave the cell empty where a value is missing"
                );

    // A parser of reals also takes words such as NaN and Infinity.
    private static double? Number(string cell) =>
        cell.Any(char.IsAsciiDigit) && double.TryParse(cell, Style, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string List(IEnumerable<string> names)
    {
        const int MostShown = 8;
        var all = names.ToList();
        return string.Join(", ", all.Take(MostShown).Select(NameGate.Quoted)) + (all.Count > MostShown ? ", …" : "");
    }
}
