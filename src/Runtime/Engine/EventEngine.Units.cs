using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Engine;

/// <summary>How phases take resources and end.</summary>
public sealed partial class EventEngine
{
    private readonly long[] _freeAt;
    private readonly long[] _busy;
    private readonly int[] _running;
    private readonly long[] _since;
    private readonly long[] _due;
    private readonly int[] _oldest;
    private readonly int[] _youngest;

    // Every demand of a ready phase goes to its resource.
    private void Ready(int node)
    {
        var s = _slots;
        var slot = node >> _shift;
        var stage = s.Stage[slot];
        var inStage = node & _nodeMask;
        var phase = _flat.StageBegin[stage] + inStage;
        if (phase + 1 == _flat.StageBegin[stage + 1] && !Send(slot, stage))
            return;
        if (stage == 0 && inStage == 0)
            FollowWithPrompt(slot);
        var (begin, end) = (_flat.DemandBegin[phase], _flat.DemandBegin[phase + 1]);
        s.End[node] = Now;
        s.Start[node] = Now;
        s.Whole[node] = 0;
        s.Expected[node] = 0;
        s.Worked[node] = 0;
        s.Binding[node] = _flat.Unit[phase];
        // One more than there are, so that the phase does not end while its demands are given out.
        s.Unserved[node] = 1;
        var job = node << _jobShift;
        for (var d = begin; d < end; d++)
        {
            ref readonly var demand = ref _flat.Demands[d];
            var times = Math.Max(1, demand.Used);
            var cycles = demand.FixedCycles;
            if (cycles < 0)
            {
                var positions = s.Position[slot] + 1;
                cycles = (long)demand.Source.Cycles(positions);
                _contextItems[d] += (demand.Source.ItemsAt(positions) - demand.Source.Items);
            }

            for (var i = 0; i < times; i++, job++)
            {
                var resource = _flat.Pool[demand.Pool + (demand.Used == 0 ? 0 : s.Experts[(slot * _flat.MaximumUsed) + i])];
                s.Demand[job] = d;
                _busy[resource] += cycles;
                if (_flat.Shared[resource])
                {
                    s.Unserved[node]++;
                    s.Remaining[job] = (int)cycles;
                    s.Cycles[job] = (int)cycles;
                    Ask(job, resource);
                }
                else
                {
                    Own(node, slot, resource, cycles, demand.Unit, phase);
                }
            }
        }

        if (--s.Unserved[node] == 0)
            EndPhase(node, slot, phase);
    }

    // Only one phase visits the resource, so tokens take it in their order and the end is known at once.
    private void Own(int node, int slot, int resource, long cycles, byte unit, int phase)
    {
        var s = _slots;
        var start = Math.Max(Now, _freeAt[resource]);
        var end = start + cycles;
        _freeAt[resource] = end;
        if (start > s.Start[node])
            s.Start[node] = start;
        if (_grain is null || !Spread(node, resource, start, cycles, phase))
            Served(node, end, cycles, unit);
        if (_window is { } window && start < window.ToCycle && end > window.FromCycle)
            Trace(window, node, slot, phase, resource, start, cycles);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Served(int node, long end, long cycles, byte unit)
    {
        var s = _slots;
        if (end <= s.End[node])
            return;
        s.End[node] = end;
        if (end > s.Expected[node])
            (s.Worked[node], s.Binding[node]) = (cycles, unit);
    }

    private void Ask(int job, int resource)
    {
        var running = _running[resource];
        if (running < 0)
        {
            Serve(job, resource);
            return;
        }

        if (First(job, running) && _due[resource] > Now)
        {
            Stop(running, resource);
            Queue(running, resource);
            Serve(job, resource);
        }
        else
        {
            Queue(job, resource);
        }
    }

    private void Serve(int job, int resource)
    {
        var s = _slots;
        _running[resource] = job;
        _since[resource] = Now;
        _due[resource] = Now + s.Remaining[job];
        _events.Push(_due[resource], Code(Kind.Done), resource);
        var node = job >> _jobShift;
        if (s.Remaining[job] == s.Cycles[job] && Now > s.Start[node])
            s.Start[node] = Now;
    }

    // The part served so far is kept; the event of its end finds another one running and passes by.
    private void Stop(int job, int resource)
    {
        var served = (int)(Now - _since[resource]);
        _slots.Remaining[job] -= served;
        if (served > 0)
            TracePart(job, resource, served);
    }

    private void Done(int resource)
    {
        if (_running[resource] < 0 || _due[resource] != Now)
            return;
        var s = _slots;
        var job = _running[resource];
        TracePart(job, resource, (int)(Now - _since[resource]));
        _running[resource] = -1;
        if (_oldest[resource] >= 0)
            Serve(Dequeue(resource), resource);
        var node = job >> _jobShift;
        Served(node, Now, s.Cycles[job], _flat.Demands[s.Demand[job]].Unit);
        if (_grain is not null)
            SpreadShared(node, _flat.Resources[resource].Unit);
        if (--s.Unserved[node] == 0)
            EndPhase(node, node >> _shift, _flat.StageBegin[s.Stage[node >> _shift]] + (node & _nodeMask));
    }

    // All resources have served the phase, or it is known when they will have.
    private void EndPhase(int node, int slot, int phase)
    {
        var s = _slots;
        var end = s.End[node] = Math.Max(s.End[node] + _flat.Fill[phase], s.Whole[node]);
        _passed[phase]++;
        var first = slot << _shift;
        foreach (var next in _flat.Next[phase])
        {
            var waiting = first + next;
            if (end > s.Ready[waiting])
                s.Ready[waiting] = end;
            if (--s.Pending[waiting] == 0)
                _events.Push(s.Ready[waiting], Code(Kind.Ready), waiting);
        }

        if (--s.Left[slot] == 0)
            FinishStage(slot);
    }

    // The phase that comes first in the program goes first, of one phase the token that was issued first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool First(int job, int other)
    {
        var s = _slots;
        var (d, e) = (s.Demand[job], s.Demand[other]);
        return d != e ? d < e : s.Number[job >> (_jobShift + _shift)] < s.Number[other >> (_jobShift + _shift)];
    }

    private void Queue(int job, int resource)
    {
        var s = _slots;
        var older = _youngest[resource];
        while (older >= 0 && First(job, older))
            older = s.Older[older];
        var younger = older >= 0 ? s.Younger[older] : _oldest[resource];
        s.Older[job] = older;
        s.Younger[job] = younger;
        if (older >= 0)
            s.Younger[older] = job;
        else
            _oldest[resource] = job;
        if (younger >= 0)
            s.Older[younger] = job;
        else
            _youngest[resource] = job;
    }

    private int Dequeue(int resource)
    {
        var s = _slots;
        var job = _oldest[resource];
        var younger = s.Younger[job];
        _oldest[resource] = younger;
        if (younger >= 0)
            s.Older[younger] = -1;
        else
            _youngest[resource] = -1;
        return job;
    }
}
