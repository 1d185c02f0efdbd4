namespace TaalasSim.Runtime.Engine;

/// <summary>How phases that are ready take their resources.</summary>
internal sealed class PhaseStarts(
    FlatSchedule flat,
    TokenTable tokens,
    EventWheel events,
    TokenFlow flow,
    PhaseEnds ends,
    SharedResources shared,
    BankPieces? pieces,
    TraceRecorder? trace
)
{
    private readonly long[] _freeAt = new long[flat.Resources.Length];

    /// <summary>Cycles for which each resource was taken.</summary>
    public long[] Busy { get; } = new long[flat.Resources.Length];

    /// <summary>Items that each demand moved for attended positions, for one alternative.</summary>
    public double[] ContextItems { get; } = new double[flat.Demands.Length];

    /// <summary>Every demand of a ready phase goes to its resource.</summary>
    public void Start(int node)
    {
        var s = tokens;
        var token = s.TokenOf(node);
        var stage = s.Stage[token];
        var inStage = s.PhaseOf(node);
        var phase = flat.StageBegin[stage] + inStage;
        if (phase + 1 == flat.StageBegin[stage + 1] && !flow.TrySend(token, stage))
            return;
        if (stage == 0 && inStage == 0)
            flow.FollowWithPrompt(token);
        var (begin, end) = (flat.DemandBegin[phase], flat.DemandBegin[phase + 1]);
        s.End[node] = events.Now;
        s.Start[node] = events.Now;
        s.Whole[node] = 0;
        s.Expected[node] = 0;
        s.Worked[node] = 0;
        s.Binding[node] = flat.Unit[phase];
        // One more than there are, so that the phase does not end while its demands are given out.
        s.Unserved[node] = 1;
        var job = s.FirstJob(node);
        for (var d = begin; d < end; d++)
        {
            ref readonly var demand = ref flat.Demands[d];
            var times = Math.Max(1, demand.Used);
            var cycles = demand.FixedCycles;
            if (cycles < 0)
            {
                var positions = s.Position[token] + 1;
                cycles = (long)demand.Source.Cycles(positions);
                ContextItems[d] += (demand.Source.ItemsAt(positions) - demand.Source.Items);
            }

            for (var i = 0; i < times; i++, job++)
            {
                var resource = ResourceOf(demand, token, i);
                s.Demand[job] = d;
                Busy[resource] += cycles;
                if (flat.Shared[resource])
                {
                    s.Unserved[node]++;
                    s.Remaining[job] = (int)cycles;
                    s.Cycles[job] = (int)cycles;
                    shared.Ask(job, resource);
                }
                else
                {
                    Own(node, resource, cycles, demand.Unit, phase);
                }
            }
        }

        ends.CountDown(node);
    }

    /// <summary>Of the resources that a phase has to itself the one that comes free last.</summary>
    public int LastFree(int token, int phase)
    {
        var (at, most) = (0, long.MinValue);
        for (var d = flat.DemandBegin[phase]; d < flat.DemandBegin[phase + 1]; d++)
        for (var i = 0; i < Math.Max(1, flat.Demands[d].Used); i++)
        {
            var resource = ResourceOf(flat.Demands[d], token, i);
            if (_freeAt[resource] > most)
                (at, most) = (resource, _freeAt[resource]);
        }

        return at;
    }

    private int ResourceOf(in FlatDemand demand, int token, int i) =>
        flat.Pool[demand.Pool + (demand.Used == 0 ? 0 : tokens.Experts[(token * flat.MaximumUsed) + i])];

    // Only one phase visits the resource, so tokens take it in their order and the end is known at once.
    private void Own(int node, int resource, long cycles, byte unit, int phase)
    {
        var s = tokens;
        var start = Math.Max(events.Now, _freeAt[resource]);
        var end = start + cycles;
        _freeAt[resource] = end;
        if (start > s.Start[node])
            s.Start[node] = start;
        if (pieces is null || !pieces.Spread(node, resource, start, cycles, phase))
            ends.Serve(node, end, cycles, unit);
        trace?.Add(node, resource, start, end);
    }
}
