using System.Globalization;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Curves of a finished sweep: speed of one user over the first varied field, one curve for each value of the second, the others at their first value.</summary>
public static class SweepCurves
{
    /// <summary>The curves; null when no point has figures or the first field is not a number.</summary>
    public static SeriesData? Of(SweepResult sweep)
    {
        var spec = sweep.Spec;
        var points = Enumerable.Range(0, sweep.Rows.Count).Select(i => (Point: SweepGrid.Point(spec, i), Row: sweep.Rows[i]))
            .Where(p => p.Row.Status == SweepStatus.Ok && p.Row.Figures.TokensPerSecondUser is not null).ToList();
        if (points.Count == 0 || !points.All(p => double.TryParse(p.Point.Values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            return null;
        var first = points[0].Point;
        var curves = points
            .Where(p => Enumerable.Range(2, Math.Max(0, spec.Vary.Count - 2)).All(v => p.Point.Values[v] == first.Values[v]))
            .GroupBy(p => spec.Vary.Count > 1 ? $"{Leaf(spec.Vary[1].Field)} {Short(p.Point.Values[1])}" : "")
            .Select(g => new Series(g.Key, [.. g.Select(p => new SeriesPoint(double.Parse(p.Point.Values[0], CultureInfo.InvariantCulture), p.Row.Figures.TokensPerSecondUser!.Value)).OrderBy(p => p.X)]))
            .ToList();
        return new SeriesData
        {
            Title = spec.Description.Length > 0 ? spec.Description : $"Sweep {spec.Name}",
            XLabel = Leaf(spec.Vary[0].Field).Replace('_', ' '),
            YLabel = "tokens/s for one user",
            Curves = curves,
        };
    }

    private static string Leaf(string field) => field[(field.LastIndexOf('.') + 1)..];

    private static string Short(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v.ToString("G4", CultureInfo.InvariantCulture) : value;
}
