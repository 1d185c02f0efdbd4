namespace TaalasSim.Runtime.Engine;

/// <summary>What a run showed.</summary>
public sealed class EngineResult
{
    private readonly int[] _first;
    private readonly long[] _cycles;
    private readonly long[] _parts;

    private EngineResult((int[] First, long[] Cycles, long[] Parts) answers) => (_first, _cycles, _parts) = answers;

    /// <summary>Cycle at which the last answer token left the sampler.</summary>
    public required long Cycles { get; init; }

    /// <summary>Events that the run took.</summary>
    public required long Events { get; init; }

    /// <summary>Times of each request, in the order of the workload.</summary>
    public required IReadOnlyList<RequestTiming> Requests { get; init; }

    /// <summary>Use of every resource of the schedule.</summary>
    public required IReadOnlyList<ResourceUse> Resources { get; init; }

    /// <summary>What every demand of the schedule moved, in its order.</summary>
    public required IReadOnlyList<DemandUse> Demands { get; init; }

    /// <summary>Phases by name with what limited them, over all stages and answer tokens, in the order of the schedule.</summary>
    public required IReadOnlyList<CriticalPathRow> CriticalPath { get; init; }

    /// <summary>Slices of the trace window, in order of start; empty without one.</summary>
    public required IReadOnlyList<TraceSlice> Trace { get; init; }

    /// <summary>Slices that the window's bound left out.</summary>
    public required long TraceDropped { get; init; }

    /// <summary>Cycles at which the answer tokens of a request left the sampler.</summary>
    public ReadOnlySpan<long> TokenCycles(int request) => _cycles.AsSpan(_first[request].._first[request + 1]);

    /// <summary>What the cycles of an answer token went to; parts of 0 cycles are left out.</summary>
    /// <remarks>The first token of a request counts from its arrival, every other from the token before it; the parts add up to exactly
    /// that.</remarks>
    public IReadOnlyList<(PathPart Part, long Cycles)> TokenParts(int request, int token)
    {
        if (token < 0 || token >= _first[request + 1] - _first[request])
            throw new ArgumentOutOfRangeException(nameof(token), token, "the request has fewer answer tokens");
        var parts = _parts.AsSpan((_first[request] + token) * PathPart.Count, PathPart.Count);
        var list = new List<(PathPart, long)>();
        for (var i = 0; i < parts.Length; i++)
            if (parts[i] > 0)
                list.Add((PathPart.At(i), parts[i]));
        return list;
    }

    /// <summary>Cycles of all answer tokens by part, largest first.</summary>
    public IReadOnlyList<(PathPart Part, long Cycles)> Parts()
    {
        var sums = new long[PathPart.Count];
        for (var i = 0; i < _parts.Length; i++)
            sums[i % PathPart.Count] += _parts[i];
        return
        [
            .. sums.Select((c, i) => (Part: PathPart.At(i), Cycles: c))
                .Where(p => p.Cycles > 0)
                .OrderByDescending(p => p.Cycles)
                .ThenBy(p => p.Part.Index),
        ];
    }

    internal static EngineResult Of(
        FlatSchedule flat,
        RequestTable requests,
        PhaseStarts starts,
        PhaseEnds ends,
        PathAccount account,
        TraceRecorder? trace,
        long events
    )
    {
        var answers = requests.Answers;
        var cycles = answers.Cycles.Length == 0 ? 0 : answers.Cycles.Max();
        return new EngineResult(answers)
        {
            Cycles = cycles,
            Events = events,
            Requests = requests.Timings(),
            Resources =
            [
                .. flat.Resources.Select((r, i) => new ResourceUse(r, starts.Busy[i], cycles == 0 ? 0 : starts.Busy[i] / (double)cycles)),
            ],
            Demands = DemandsOf(flat, starts, ends),
            CriticalPath = account.Rows(),
            Trace = trace?.Slices() ?? [],
            TraceDropped = trace?.Dropped ?? 0,
        };
    }

    private static List<DemandUse> DemandsOf(FlatSchedule flat, PhaseStarts starts, PhaseEnds ends)
    {
        var demands = new List<DemandUse>(flat.Demands.Length);
        for (var stage = 0; stage < flat.Stages; stage++)
        for (var phase = flat.StageBegin[stage]; phase < flat.StageBegin[stage + 1]; phase++)
        for (var d = flat.DemandBegin[phase]; d < flat.DemandBegin[phase + 1]; d++)
        {
            var demand = flat.Demands[d];
            var times = Math.Max(1, demand.Used);
            demands.Add(
                new DemandUse(
                    new PhaseRef(stage, phase - flat.StageBegin[stage]),
                    demand.Source,
                    ends.Passed[phase],
                    ends.Passed[phase] * demand.Source.Items * times,
                    starts.ContextItems[d] * times
                )
            );
        }

        return demands;
    }
}
