namespace TaalasSim.Reports.Sweeps;

/// <summary>A figure with one field at its ends and all others as described.</summary>
/// <param name="Figure">Column of the figure.</param>
/// <param name="Field">Varied field; zipped fields together, with a plus between them.</param>
/// <param name="Described">The figure of the described design.</param>
/// <param name="First">Value of the field at its first end, and the figure there; null where the design has none.</param>
/// <param name="Last">The same at its last end.</param>
public sealed record SweepTornado(
    string Figure,
    string Field,
    double? Described,
    (string Value, double? Figure) First,
    (string Value, double? Figure) Last
)
{
    /// <summary>Distance between the ends; NaN where one is unknown.</summary>
    public double Swing => First.Figure is { } a && Last.Figure is { } b ? Math.Abs(a - b) : double.NaN;

    /// <summary>Bars of every figure, the longest first.</summary>
    public static IReadOnlyList<SweepTornado> Of(SweepResult result)
    {
        var space = SweepSpace.Of(result.Spec);
        var list = new List<SweepTornado>();
        foreach (var column in SweepStudy.Figures)
        {
            // A figure that no point has.
            if (result.Rows.All(r => column.Of(r.Figures) is null))
                continue;
            double? At(int point) => result.Rows[point] is { Status: SweepStatus.Ok } row ? column.Of(row.Figures) : null;
            (string, double?) End(int dimension, int point) =>
                (string.Join('+', space.FieldsOf(dimension).Select(f => space.Values(point).Values[f])), At(point));
            list.AddRange(
                Enumerable
                    .Range(0, space.Dimensions)
                    .Select(d => new SweepTornado(
                        column.Name,
                        SweepStudy.Field(result.Spec, d),
                        At(0),
                        End(d, 1 + (2 * d)),
                        End(d, 2 + (2 * d))
                    ))
                    .OrderByDescending(t => double.IsNaN(t.Swing) ? -1 : t.Swing)
            );
        }

        return list;
    }
}
