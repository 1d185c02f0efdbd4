using System.Runtime.CompilerServices;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Points of a grid sweep in the order of its rows: the last field changes fastest.</summary>
public static class SweepGrid
{
    // A point asks for the values of every axis; writing out a range takes longer than evaluating one.
    private static readonly ConditionalWeakTable<SweepAxis, IReadOnlyList<string>> OfRanges = [];

    /// <summary>Number of points.</summary>
    public static int Count(SweepSpec spec) => spec.Vary.Aggregate(1, (n, axis) => checked(n * Values(axis).Count));

    /// <summary>One point.</summary>
    public static DesignPoint Point(SweepSpec spec, int index)
    {
        var values = new string[spec.Vary.Count];
        var rest = index;
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var axis = Values(spec.Vary[i]);
            (rest, var at) = Math.DivRem(rest, axis.Count);
            values[i] = axis[at];
        }

        return new DesignPoint
        {
            Index = index,
            Spec = spec,
            Values = values,
        };
    }

    /// <summary>Values of one field.</summary>
    public static IReadOnlyList<string> Values(SweepAxis axis) =>
        axis.Range is null ? axis.Values : OfRanges.GetValue(axis, a => a.Range!.Values());
}
