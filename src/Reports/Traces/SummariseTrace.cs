using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Traces;

/// <summary>Serves a trace on equal systems that take turns, at best estimates and at both ends, and sums up.</summary>
internal static class SummariseTrace
{
    // A queue of this part of all requests at the last arrival, and at least so many, has grown all along.
    private const double QueueShare = 0.05;
    private const int QueueLeast = 10;

    private static readonly IntervalEnd[] Ends = [IntervalEnd.Best, IntervalEnd.Fast, IntervalEnd.Slow];

    /// <summary>Replays a trace.</summary>
    /// <param name="system">System.</param>
    /// <param name="trace">Trace.</param>
    /// <param name="replicas">Equal systems, at least 1.</param>
    /// <param name="cancel">Stops.</param>
    public static TraceFigures Of(IServingSystem system, RequestTrace trace, int replicas, CancellationToken cancel)
    {
        var shares = Enumerable.Range(0, replicas).Select(r => trace.Share(r, replicas)).Where(s => s.Count > 0).ToArray();
        var served = Ends.Select(end => shares.Select(s => system.Serve(s, end, cancel)).ToArray()).ToArray();
        var durations = served.Select(end => end.Max(s => s.Finished.Max())).ToArray();
        var duration = new UncertaintyRange(durations[0], durations.Min(), durations.Max());
        var (seconds, best) = (durations[0], served[0]);
        var joules = Sum(system.Parts.Select((p, k) => Joules(p, k)));
        var usd = Sum(system.Parts.Select((p, k) => p.Usd(Joules(p, k), seconds * replicas)));
        var (tokens, last) = ((double)trace.AnswerTokens, trace.Requests[^1].ArrivalSeconds);
        return new TraceFigures
        {
            TimeToFirstTokenSeconds = Over((s, r, i) => s.First[i] - r.ArrivalSeconds),
            TimePerOutputTokenSeconds = Over((s, r, i) => r.AnswerTokens < 2 ? null : (s.Finished[i] - s.First[i]) / (r.AnswerTokens - 1)),
            LatencySeconds = Over((s, r, i) => s.Finished[i] - r.ArrivalSeconds),
            DurationSeconds = duration,
            TokensPerSecond = new(tokens / duration.Value, tokens / duration.High, tokens / duration.Low),
            MeanUsers = Total((s, _, i) => s.Finished[i] - s.Started[i]) / seconds,
            MeanWaiting = Total((s, r, i) => s.Started[i] - r.ArrivalSeconds) / seconds,
            Parts = [.. system.Parts.Select((p, k) => new TracePart(p.Name, best.Sum(s => s.Parts[k].BusySeconds) / (seconds * replicas)))],
            Watts = joules * (1 / seconds),
            JoulesPerToken = joules * (1 / tokens),
            UsdPerMillionTokens = usd * (1e6 / tokens),
            UsdPerThousandRequests = usd * (1e3 / trace.Requests.Count),
            Overloaded =
                Total((s, _, i) => s.Started[i] > last ? 1 : 0) is var late
                && late >= QueueLeast
                && late > QueueShare * trace.Requests.Count,
        };

        UncertaintyRange Joules(ServingPart part, int k) => part.Joules(best.Sum(s => s.Parts[k].WorkJoules), seconds * replicas);

        Percentiles Over(Func<ServedTrace, TraceRequest, int, double?> read) =>
            Percentiles.Of([
                .. served.Select(end => end.SelectMany((s, k) => shares[k].Select((r, i) => read(s, r, i))).OfType<double>().ToArray()),
            ]);

        double Total(Func<ServedTrace, TraceRequest, int, double> read) =>
            best.Select((s, k) => shares[k].Select((r, i) => read(s, r, i)).Sum()).Sum();
    }

    private static UncertaintyRange Sum(IEnumerable<UncertaintyRange> parts) =>
        parts.Aggregate((a, b) => new(a.Value + b.Value, a.Low + b.Low, a.High + b.High));
}
