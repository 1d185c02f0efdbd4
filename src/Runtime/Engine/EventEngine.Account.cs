using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Where the cycles of answer tokens go, what resources did, and slices for a trace.</summary>
public sealed partial class EventEngine
{
    private readonly List<TraceSlice> _trace = [];
    private long _dropped;

    // The longest way back through the phases of a stage.
    private void AccountStage(int slot, int stage, int last)
    {
        var s = _slots;
        var (first, begin) = (slot << _shift, _flat.StageBegin[stage]);
        while (true)
        {
            var (node, phase) = (first + last, begin + last);
            var name = _flat.Name[phase];
            var cycles = s.End[node] - s.Ready[node];
            var waited = Math.Max(0, cycles - _flat.Fill[phase] - s.Worked[node]);
            Account(slot, name, new PathPart(PathPartKind.Working, (FabricUnit)s.Binding[node]), s.Worked[node]);
            Account(slot, name, new PathPart(PathPartKind.Filling, (FabricUnit)_flat.Unit[phase]), cycles - s.Worked[node] - waited);
            Account(slot, name, new PathPart(PathPartKind.Waiting, (FabricUnit)s.Binding[node]), waited);
            var after = _flat.After[phase];
            if (after.Length == 0)
                return;
            last = after[0];
            for (var a = 1; a < after.Length; a++)
                if (s.End[first + after[a]] > s.End[first + last])
                    last = after[a];
        }
    }

    private void Account(int slot, int name, PathPart part, long cycles)
    {
        _slots.Parts[(slot * PathPart.Count) + part.Index] += cycles;
        _path[(name * PathPart.Count) + part.Index] += cycles;
    }

    private void TracePart(int job, int resource, int cycles)
    {
        var start = Now - cycles;
        if (_window is { } window && start < window.ToCycle && Now > window.FromCycle)
        {
            var node = job >> _jobShift;
            var slot = node >> _shift;
            Trace(window, node, slot, _flat.StageBegin[_slots.Stage[slot]] + (node & _nodeMask), resource, start, cycles);
        }
    }

    private void Trace(TraceWindow window, int node, int slot, int phase, int resource, long start, long cycles)
    {
        if (_trace.Count >= window.MaximumSlices)
        {
            _dropped++;
            return;
        }

        var s = _slots;
        _trace.Add(
            new TraceSlice
            {
                Resource = resource,
                Phase = new PhaseRef(s.Stage[slot], phase - _flat.StageBegin[s.Stage[slot]]),
                Request = s.Request[slot],
                Position = s.Position[slot],
                ReadyCycle = s.Ready[node],
                StartCycle = start,
                Cycles = cycles,
            }
        );
    }

    private EngineResult Result()
    {
        var cycles = _answerCycle.Length == 0 ? 0 : _answerCycle.Max();
        var demands = new List<DemandUse>(_flat.Demands.Length);
        for (var stage = 0; stage < _flat.Stages; stage++)
        for (var phase = _flat.StageBegin[stage]; phase < _flat.StageBegin[stage + 1]; phase++)
        for (var d = _flat.DemandBegin[phase]; d < _flat.DemandBegin[phase + 1]; d++)
        {
            var demand = _flat.Demands[d];
            var times = Math.Max(1, demand.Used);
            demands.Add(
                new DemandUse(
                    new PhaseRef(stage, phase - _flat.StageBegin[stage]),
                    demand.Source,
                    _passed[phase],
                    _passed[phase] * demand.Source.Items * times,
                    _contextItems[d] * times
                )
            );
        }

        var all = (double)Math.Max(1, _path.Sum());
        var rows = new List<CriticalPathRow>();
        for (var name = 0; name < _flat.Names.Length; name++)
        {
            var parts = _path.AsSpan(name * PathPart.Count, PathPart.Count);
            long sum = 0;
            var most = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                sum += parts[i];
                if (parts[i] > parts[most])
                    most = i;
            }

            rows.Add(new CriticalPathRow(_flat.Names[name], sum, sum / all, PathPart.At(most)));
        }

        return new EngineResult(_firstAnswer, _answerCycle, _answerParts)
        {
            Cycles = cycles,
            Events = Events,
            Requests =
            [
                .. _requests.Select(
                    (r, i) =>
                        new RequestTiming(
                            r.ArrivalCycle,
                            _answerCycle[_firstAnswer[i]],
                            _answerCycle[_firstAnswer[i + 1] - 1],
                            r.OutputTokens
                        )
                ),
            ],
            Resources = [.. _flat.Resources.Select((r, i) => new ResourceUse(r, _busy[i], cycles == 0 ? 0 : _busy[i] / (double)cycles))],
            Demands = demands,
            CriticalPath = rows,
            Trace = [.. _trace.OrderBy(t => t.StartCycle)],
            TraceDropped = _dropped,
        };
    }
}
