using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Traces;

/// <summary>Percentiles of a time over all requests, by nearest rank; the interval holds the whole trace replayed at both ends of the
/// interval of the system's speeds.</summary>
/// <param name="P50">Half of the requests are at most this long.</param>
/// <param name="P95">19 of 20.</param>
/// <param name="P99">99 of 100.</param>
public sealed record Percentiles(UncertaintyRange P50, UncertaintyRange P95, UncertaintyRange P99)
{
    /// <summary>Percentiles of best estimates, fast ends and slow ends.</summary>
    internal static Percentiles Of(IReadOnlyList<double[]> ends)
    {
        foreach (var end in ends)
            Array.Sort(end);
        return new(At(0.5), At(0.95), At(0.99));

        UncertaintyRange At(double share)
        {
            var values = ends.Select(e => e.Length == 0 ? 0 : e[Rank(share, e.Length)]).ToArray();
            return new(values[0], values.Min(), values.Max());
        }
    }

    /// <summary>Place of a percentile in a sorted list, from 0: the first that at least this share of the values does not exceed.</summary>
    internal static int Rank(double share, int count) => Math.Clamp((int)Math.Ceiling(share * count) - 1, 0, count - 1);
}
