using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Advice;

/// <summary>How many equal systems serve a trace within limits.</summary>
internal static class SizeService
{
    /// <summary>Most systems.</summary>
    public const int Most = 4096;

    /// <summary>The fewest systems that keep the limits of time; where no number does, the fewest that serve all that is asked.</summary>
    /// <param name="system">One system.</param>
    /// <param name="trace">Trace.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="cancel">Stops.</param>
    public static (int Replicas, TraceFigures Figures) Of(
        IServingSystem system,
        RequestTrace trace,
        AdviceLimits limits,
        CancellationToken cancel
    )
    {
        var known = new Dictionary<int, TraceFigures>();
        TraceFigures At(int replicas) =>
            known.TryGetValue(replicas, out var figures) ? figures : known[replicas] = SummariseTrace.Of(system, trace, replicas, cancel);

        // With a system for each request nobody waits for another: what that breaks no number of systems mends.
        var alone = Math.Min(Most, trace.Requests.Count);
        var best = Fewest(1, alone, n => limits.InTime(At(n))) ?? Fewest(1, alone, n => !At(n).Overloaded) ?? alone;
        return (best, At(best));
    }

    /// <summary>The smallest number that holds, by doubling and then halving the gap; null where the largest does not hold
    /// either.</summary>
    /// <param name="least">First number.</param>
    /// <param name="most">Largest number.</param>
    /// <param name="holds">Whether a number holds; larger ones then do, too.</param>
    public static int? Fewest(int least, int most, Func<int, bool> holds)
    {
        var high = least;
        while (!holds(high))
        {
            if (high == most)
                return null;
            high = Math.Min(most, 2 * high);
        }

        var low = high == least ? high - 1 : high / 2;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }
}
