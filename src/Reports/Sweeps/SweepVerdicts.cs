using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Sweeps;

/// <summary>What constraints and objectives of a sweep say of its points.</summary>
public sealed class SweepVerdicts
{
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
        var judge = new SweepJudge(spec);
        var meets = new bool[rows.Count];
        var points = new double[]?[spec.Objectives.Count > 0 ? rows.Count : 0];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Status != SweepStatus.Ok)
                continue;
            meets[i] = judge.Violation(rows[i]) == 0;
            if (meets[i] && points.Length > 0)
                points[i] = judge.Objectives(rows[i]);
        }

        return new SweepVerdicts(meets, spec.Objectives.Count > 0 ? ParetoFront.Of(points) : []);
    }

    /// <summary>Whether a point meets every constraint.</summary>
    public bool Meets(int point) => _meets[point];

    /// <summary>Whether no other point that meets the constraints beats this one; null in a sweep without objectives.</summary>
    public bool? IsOnFront(int point) => _front.Length == 0 ? null : _front[point];
}
