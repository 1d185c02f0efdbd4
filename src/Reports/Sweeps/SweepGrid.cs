using System.Runtime.CompilerServices;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Points of a sweep in the order of its rows.</summary>
public static class SweepGrid
{
    // A point asks for the values of every axis; writing out a range takes longer than evaluating one.
    private static readonly ConditionalWeakTable<SweepAxis, IReadOnlyList<string>> OfRanges = [];

    /// <summary>Number of points.</summary>
    public static int Count(SweepSpec spec) => SweepSpace.Of(spec).Count;

    /// <summary>One point.</summary>
    public static DesignPoint Point(SweepSpec spec, int index)
    {
        var (values, fault) = SweepSpace.Of(spec).Values(index);
        return new DesignPoint
        {
            Index = index,
            Spec = spec,
            Values = values,
            Fault = fault,
        };
    }

    /// <summary>Values of one field that is neither computed nor any number of a range.</summary>
    public static IReadOnlyList<string> Values(SweepAxis axis) =>
        axis.Range is null ? axis.Values : OfRanges.GetValue(axis, a => a.Range!.Values());
}
