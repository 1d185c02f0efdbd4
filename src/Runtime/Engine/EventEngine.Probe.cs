using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>What would happen at a cycle, and what is in the way.</summary>
public sealed partial class EventEngine
{
    /// <summary>Whether a phase of a token has started by a cycle, and if not what is in the way.</summary>
    /// <remarks>The run is played again on another engine up to and with the cycle, so this one's state does not change and the cycle may
    /// lie before or after <see cref="Now"/>.</remarks>
    /// <param name="phase">The phase.</param>
    /// <param name="request">Index of the request.</param>
    /// <param name="position">Position of the token in its context, from the starting context on.</param>
    /// <param name="cycle">Cycle to look at.</param>
    /// <exception cref="ArgumentOutOfRangeException">The token does not come through the phase.</exception>
    public ProbeAnswer Probe(PhaseRef phase, int request, int position, long cycle)
    {
        var asked = _requests[request];
        var offset = position - asked.StartingContext;
        if (
            offset < 0
            || offset > asked.PromptTokens + asked.OutputTokens - 2
            || (phase.Stage == _flat.Stages - 1 && offset < asked.PromptTokens - 1)
        )
            throw new ArgumentOutOfRangeException(nameof(position), position, "this token does not pass the phase");
        var replay = new EventEngine(_flat, _workload, null, _grain);
        replay.AdvanceTo(cycle);
        return replay.Blocked(phase, request, position, cycle);
    }

    /// <summary>Every token on the chip at a cycle with the phase that it is in or waits for, oldest first. Plays the run again, so this
    /// engine's state does not change.</summary>
    /// <param name="cycle">Cycle to look at.</param>
    public IReadOnlyList<TokenState> Look(long cycle)
    {
        var replay = new EventEngine(_flat, _workload, null, _grain);
        replay.AdvanceTo(cycle);
        var s = replay._slots;
        var states = new List<(long Number, TokenState State)>();
        foreach (var slot in s.Taken())
        {
            var stage = Math.Max(0, s.Stage[slot]);
            var phase = s.Stage[slot] < 0 ? new PhaseRef(0, 0) : replay.Running(slot, stage, cycle);
            var node = (slot << _shift) + phase.Phase;
            var started = s.Stage[slot] >= 0 && s.Start[node] >= 0 && s.Start[node] <= cycle;
            var done = s.Stage[slot] >= 0 && s.Left[slot] == 0 && s.Since[slot] <= cycle;
            var answer =
                done ? new ProbeAnswer(s.Held[slot] >= 0 ? ProbeBlock.Order : ProbeBlock.None)
                : started && !replay.Waits(node) ? new ProbeAnswer(ProbeBlock.None)
                : replay.Blocked(phase, s.Request[slot], s.Position[slot], cycle);
            states.Add(
                (
                    s.Number[slot],
                    new TokenState(
                        s.Request[slot],
                        s.Position[slot],
                        phase,
                        _flat.Phases[_flat.StageBegin[phase.Stage] + phase.Phase].Name,
                        answer
                    )
                )
            );
        }

        return [.. states.OrderBy(p => p.Number).Select(p => p.State)];
    }

    private bool Waits(int node)
    {
        for (var resource = 0; resource < _oldest.Length; resource++)
        for (var job = _oldest[resource]; job >= 0; job = _slots.Younger[job])
            if (job >> _jobShift == node)
                return true;
        return false;
    }

    private ProbeAnswer Blocked(PhaseRef phase, int request, int position, long cycle)
    {
        var s = _slots;
        var slot = s.Find(request, position);
        if (slot < 0)
        {
            // Not in flight: finished when a later answer exists or the prompt has moved past it, else not issued.
            var asked = _requests[request];
            var answer = position - asked.StartingContext - asked.PromptTokens + 1;
            var passed = answer < 0 ? Newest(request) > position : answer < _answered[request];
            return new ProbeAnswer(passed ? ProbeBlock.None : ProbeBlock.NotIssued);
        }

        var stage = s.Stage[slot];
        if (stage > phase.Stage)
            return new ProbeAnswer(ProbeBlock.None);
        if (s.Held[slot] >= 0 && stage < phase.Stage)
            return new ProbeAnswer(ProbeBlock.Order);
        if (Array.Exists(_parked, q => q is not null && q.Contains(slot)))
            return new ProbeAnswer(ProbeBlock.Room);
        if (stage < 0)
            return new ProbeAnswer(ProbeBlock.NotIssued);
        if (s.Entry[slot] > cycle)
            return new ProbeAnswer(ProbeBlock.Order);
        if (stage < phase.Stage)
            return new ProbeAnswer(ProbeBlock.EarlierPhase, Running(slot, stage, cycle));

        var node = (slot << _shift) + phase.Phase;
        if (s.Start[node] >= 0)
        {
            for (var resource = 0; resource < _oldest.Length; resource++)
            for (var job = _oldest[resource]; job >= 0; job = s.Younger[job])
                if (job >> _jobShift == node && s.Remaining[job] == s.Cycles[job])
                    return new ProbeAnswer(ProbeBlock.Resource, null, _flat.Resources[resource]);
            return s.Start[node] <= cycle
                ? new ProbeAnswer(ProbeBlock.None)
                : new ProbeAnswer(ProbeBlock.Resource, null, Latest(slot, _flat.StageBegin[stage] + phase.Phase));
        }

        var waitsFor = _flat
            .After[_flat.StageBegin[stage] + phase.Phase]
            .First(a => s.Start[(slot << _shift) + a] < 0 || s.End[(slot << _shift) + a] > cycle);
        return new ProbeAnswer(ProbeBlock.EarlierPhase, new PhaseRef(stage, waitsFor));
    }

    // Of the resources of one phase alone the one that comes free last.
    private Resource Latest(int slot, int phase)
    {
        var (at, most) = (0, long.MinValue);
        for (var d = _flat.DemandBegin[phase]; d < _flat.DemandBegin[phase + 1]; d++)
        for (var i = 0; i < Math.Max(1, _flat.Demands[d].Used); i++)
        {
            var resource = _flat.Pool[
                _flat.Demands[d].Pool + (_flat.Demands[d].Used == 0 ? 0 : _slots.Experts[(slot * _flat.MaximumUsed) + i])
            ];
            if (_freeAt[resource] > most)
                (at, most) = (resource, _freeAt[resource]);
        }

        return _flat.Resources[at];
    }

    // The first phase of the stage that has not ended.
    private PhaseRef Running(int slot, int stage, long cycle)
    {
        var count = _flat.StageBegin[stage + 1] - _flat.StageBegin[stage];
        for (var p = 0; p < count; p++)
            if (_slots.Start[(slot << _shift) + p] < 0 || _slots.End[(slot << _shift) + p] > cycle)
                return new PhaseRef(stage, p);
        return new PhaseRef(stage, count - 1);
    }

    // Highest position of a request in flight; past the prompt when answers have begun.
    private int Newest(int request)
    {
        var asked = _requests[request];
        if (_answered[request] > 0)
            return int.MaxValue;
        for (var position = asked.StartingContext + asked.PromptTokens - 1; position >= asked.StartingContext; position--)
            if (_slots.Find(request, position) >= 0)
                return position;
        return -1;
    }
}
