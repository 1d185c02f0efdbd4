using TaalasSim.Reports.Formulas;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Sweeps;

/// <summary>What constraints and objectives of a sweep say of its points.</summary>
public sealed class SweepVerdicts
{
    private static readonly Dictionary<string, SweepColumn> Figures = SweepColumns.OfFigures.ToDictionary(
        c => c.Name,
        StringComparer.Ordinal
    );

    private readonly bool[] _meets;
    private readonly bool[] _front;

    private SweepVerdicts(bool[] meets, bool[] front) => (_meets, _front) = (meets, front);

    /// <summary>Points on the front.</summary>
    public int OnFrontCount => _front.Count(on => on);

    /// <summary>Points that meet every constraint.</summary>
    public int MeetsCount => _meets.Count(meets => meets);

    /// <summary>Judges the points of a finished sweep; null for a sweep with neither constraints nor objectives.</summary>
    public static SweepVerdicts? Of(SweepSpec spec, IReadOnlyList<SweepRow> rows)
    {
        if (spec.Constraints.Count == 0 && spec.Objectives.Count == 0)
            return null;
        var constraints = spec.Constraints.Select(Formula.Parse).ToArray();
        var objectives = spec.Objectives.Select(o => (Formula: Formula.Parse(o.Formula), Sign: o.IsMaximum ? -1.0 : 1.0)).ToArray();
        var names = spec.Names ?? new SweepNames(spec, null);
        var needsValues = constraints.Concat(objectives.Select(o => o.Formula)).Any(f => f.Names.Any(n => !IsFigure(n)));
        var meets = new bool[rows.Count];
        var points = new double[]?[objectives.Length > 0 ? rows.Count : 0];
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Status != SweepStatus.Ok)
                continue;
            var values = needsValues ? SweepGrid.Point(spec, i).Values : [];
            FormulaValue Value(string name) =>
                Figures.TryGetValue(name, out var column) ? FormulaValue.Of(column.Of(row.Figures) ?? double.NaN) : names.Of(name, values);
            meets[i] = Array.TrueForAll(constraints, c => c.Evaluate(Value).IsTrue);
            if (meets[i] && objectives.Length > 0)
                points[i] = Array.ConvertAll(objectives, o => o.Sign * o.Formula.Evaluate(Value).Number);
        }

        return new SweepVerdicts(meets, objectives.Length > 0 ? ParetoFront.Of(points) : []);
    }

    /// <summary>Whether a point meets every constraint.</summary>
    public bool Meets(int point) => _meets[point];

    /// <summary>Whether no other point that meets the constraints beats this one; null in a sweep without objectives.</summary>
    public bool? IsOnFront(int point) => _front.Length == 0 ? null : _front[point];

    /// <summary>Whether a name is a column of figures.</summary>
    internal static bool IsFigure(string name) => Figures.ContainsKey(name);
}
