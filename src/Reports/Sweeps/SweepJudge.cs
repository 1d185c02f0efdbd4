using TaalasSim.Reports.Formulas;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Constraints and objectives of a sweep, applied to one row.</summary>
internal sealed class SweepJudge
{
    private static readonly Dictionary<string, SweepColumn> Figures = SweepColumns.OfFigures.ToDictionary(
        c => c.Name,
        StringComparer.Ordinal
    );

    private readonly SweepSpec _spec;
    private readonly SweepNames _names;
    private readonly Formula[] _constraints;
    private readonly (Formula Formula, double Sign)[] _objectives;
    private readonly bool _needsValues;

    public SweepJudge(SweepSpec spec)
    {
        (_spec, _names) = (spec, spec.Names ?? new SweepNames(spec, null));
        _constraints = [.. spec.Constraints.Select(Formula.Parse)];
        _objectives = [.. spec.Objectives.Select(o => (Formula.Parse(o.Formula), o.IsMaximum ? -1.0 : 1.0))];
        _needsValues = _constraints.Concat(_objectives.Select(o => o.Formula)).Any(f => f.Names.Any(n => !IsFigure(n)));
    }

    /// <summary>Whether a name is a column of figures.</summary>
    public static bool IsFigure(string name) => Figures.ContainsKey(name);

    /// <summary>How far a row is from meeting all constraints; 0 when it does. A row without figures is farther than any other.</summary>
    public double Violation(SweepRow row) =>
        row.Status == SweepStatus.Ok ? _constraints.Sum(c => c.Shortfall(Values(row))) : _constraints.Length + 1;

    /// <summary>Objectives of a row, of which less is better; NaN for a figure that it lacks.</summary>
    public double[] Objectives(SweepRow row)
    {
        var values = Values(row);
        return Array.ConvertAll(_objectives, o => o.Sign * o.Formula.Evaluate(values).Number);
    }

    private Func<string, FormulaValue> Values(SweepRow row)
    {
        IReadOnlyList<string?> values = _needsValues ? SweepGrid.Point(_spec, row.Point).Values : [];
        return name =>
            Figures.TryGetValue(name, out var column) ? FormulaValue.Of(column.Of(row.Figures) ?? double.NaN) : _names.Of(name, values);
    }
}
