using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Reports.Charts;

/// <summary>Curves of a sweep's figure over one of its numeric fields, one for each combination of the other fields' values.</summary>
public static class SweepCurves
{
    /// <summary>Most curves that a picture can hold and a reader tell apart.</summary>
    public const int MaximumCurves = 12;

    /// <summary>Curves of a sweep; points that do not fit are left out.</summary>
    /// <param name="result">Sweep.</param>
    /// <param name="field">Varied numeric field along x.</param>
    /// <param name="figure">Column of <see cref="SweepColumns"/> along y, without <c>_low</c> and <c>_high</c>.</param>
    /// <exception cref="InputException">No such field or figure, or no point fits.</exception>
    public static SeriesData From(SweepResult result, string field, string figure)
    {
        var vary = result.Spec.Vary;
        var x = vary.FindIndex(a => a.Field == field && SweepTable.IsNumeric(a));
        if (x < 0)
            throw new InputException(
                $"'{field}' is no varied field with numbers; use one of "
                    + $"{string.Join(", ", vary.Where(SweepTable.IsNumeric).Select(a => a.Field))}"
            );
        var figures = SweepColumns.OfFigures.Select(c => c.Name).Where(n => !IsBound(n));
        var value = Column(figure) ?? throw new InputException($"unknown figure '{figure}'; known: {string.Join(' ', figures)}");
        var all = result
            .Rows.Where(r => r.Status == SweepStatus.Ok && value(r.Figures) is not null)
            .Select(r => (Row: r, SweepGrid.Point(result.Spec, r.Point).Values))
            .Where(p => p.Values[x] is not null)
            .GroupBy(
                p =>
                    string.Join(
                        ", ",
                        vary.Select((a, i) => (a, i))
                            // A computed field follows from the others; one that does not change tells nothing apart.
                            .Where(v => v.i != x && v.a.Compute.Length == 0 && IsVaried(v.a))
                            .Select(v => $"{FieldWords.Of(v.a.Field)} {p.Values[v.i]}")
                    ),
                StringComparer.Ordinal
            )
            .ToList();
        var curves = all.Take(MaximumCurves)
            .Select(g => new Series(
                g.Key,
                [
                    .. g.Select(p => new SeriesPoint(
                        double.Parse(p.Values[x]!, CultureInfo.InvariantCulture),
                        // Best estimates have no ends.
                        SweepColumns.Range(p.Row.Figures, figure)!.Value
                    )),
                ]
            ))
            .ToList();
        if (curves.Count == 0)
            throw new InputException($"sweep {result.Spec.Name}: no point fits, so there is nothing to draw");
        var xs = curves.SelectMany(c => c.Points).Select(p => p.X).ToList();
        var ys = curves.SelectMany(c => c.Points).Select(p => p.Y).ToList();
        return new SeriesData
        {
            Title =
                (result.Spec.Description.Length > 0 ? result.Spec.Description : result.Spec.Name)
                + (all.Count > MaximumCurves ? FormattableString.Invariant($" (first {MaximumCurves} of {all.Count} curves)") : ""),
            XLabel = FieldWords.Of(field),
            YLabel = FieldWords.Of(figure),
            Curves = curves,
            // An axis that spans more than a factor of five reads better as a logarithm.
            LogX = xs.Min() > 0 && xs.Max() > 5 * xs.Min(),
            LogY = ys.Min(y => y.Low) > 0 && ys.Max(y => y.High) > 5 * ys.Min(y => y.Low),
        };
    }

    private static bool IsVaried(SweepAxis axis) => axis.Range is not null || axis.Values.Count > 1;

    private static Func<SweepFigures, double?>? Column(string name) => SweepColumns.OfFigures.FirstOrDefault(c => c.Name == name)?.Of;

    private static bool IsBound(string column) =>
        column.EndsWith("_low", StringComparison.Ordinal) || column.EndsWith("_high", StringComparison.Ordinal);
}
