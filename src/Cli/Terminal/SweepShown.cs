using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Cli.Terminal;

/// <summary>Prints the figures that a sweep's description shows: of the points on the front where there are objectives, otherwise of all.
/// </summary>
internal static class SweepShown
{
    private const int MostRows = 60;

    /// <summary>Writes the table; nothing where nothing is shown.</summary>
    public static void Write(SweepResult result, TextWriter writer)
    {
        var spec = result.Spec;
        if (spec.Show.Count == 0)
            return;
        var table = new TextTable();
        foreach (var axis in spec.Vary)
            table.Words(Short(spec, axis.Field));
        foreach (var figure in spec.Show)
            table.Words(figure);
        var rows = result.Rows.Where(r => result.Verdicts?.IsOnFront(r.Point) ?? true).ToList();
        foreach (var row in rows.Take(MostRows))
        {
            var values = SweepGrid.Point(spec, row.Point).Values.Select(v => v ?? "");
            table.Row(
                row.Status == SweepStatus.Ok ? [.. values, .. spec.Show.Select(f => Text(row.Figures, f))] : Unfit(spec, values, row)
            );
        }

        table.Write(writer);
        if (rows.Count > MostRows)
            writer.WriteLine($"  and {rows.Count - MostRows} more points; sweep.csv has all");
    }

    // The last word of a path, or all of it where another field ends in the same word.
    private static string Short(SweepSpec spec, string field)
    {
        string Last(string path) => path[(path.LastIndexOf('.') + 1)..];
        return spec.Vary.Count(a => Last(a.Field) == Last(field)) > 1 ? field : Last(field);
    }

    private static string[] Unfit(SweepSpec spec, IEnumerable<string> values, SweepRow row) =>
        [.. values, SweepTable.StatusName(row.Status).Replace('_', ' '), .. spec.Show.Skip(1).Select(_ => "")];

    private static string Text(SweepFigures figures, string figure) =>
        SweepColumns.Range(figures, figure) is not { } range ? "none"
        // Counts are told as such.
        : range.Low == range.High && range.Value == Math.Floor(range.Value) && range.Value < 1e15 ? NumberText.Count((long)range.Value)
        : NumberText.Range(range);
}
