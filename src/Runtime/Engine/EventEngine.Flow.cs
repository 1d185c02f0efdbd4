using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>How tokens come, go from stage to stage and leave: initiation intervals, order and buffers.</summary>
public sealed partial class EventEngine
{
    private readonly Dictionary<(int Users, int Positions), long> _intervals = [];
    private readonly long[] _entered;
    private readonly int[] _room;
    private readonly Queue<int>?[] _parked;
    private long _issued;
    private int _active;
    private int _streaming;
    private double _stretch = 1;

    private void Arrive(int request)
    {
        _active++;
        var asked = _requests[request];
        if (asked.PromptTokens > 1)
        {
            _streaming++;
            _stretch = _flat.Source.Timetable.Stream(asked.PromptTokens, asked.StartingContext).Factor;
            _intervals.Clear();
        }

        // All who arrive in this cycle are counted before the first of them is let in.
        _events.Push(Now, Code(Kind.Enter), Issue(request, _requests[request].StartingContext, -1));
    }

    private int Issue(int request, int position, int before)
    {
        var s = _slots;
        var slot = s.Take();
        s.Request[slot] = request;
        s.Position[slot] = position;
        s.Number[slot] = _issued++;
        s.Before[slot] = before;
        s.Behind[slot] = -1;
        s.Held[slot] = -1;
        s.Stage[slot] = -1;
        s.Entry[slot] = long.MaxValue;
        s.Since[slot] = Now;
        if (before >= 0)
            s.Behind[before] = slot;
        if (IsAnswer(slot))
            s.Parts.AsSpan(slot * PathPart.Count, PathPart.Count).Clear();
        return slot;
    }

    // Cycles between this token and the one before it in every stage.
    private long InitiationInterval(int slot)
    {
        if (_active == 1 && _streaming == 0)
            return 0;
        var positions = _slots.Position[slot] + 1;
        var users = _streaming > 0 ? -Math.Min(_active, 2) : _active;
        if (!_intervals.TryGetValue((users, positions), out var interval))
        {
            interval =
                _streaming > 0
                    ? (long)
                        Math.Ceiling(
                            ClosedFormLatency.IntervalCycles(_flat.Source, positions, withOutput: _active > 1)
                                * (_active > 1 ? 1 : _stretch)
                        )
                    : _flat.Source.Timetable.InitiationInterval(_active, positions);
            _intervals.Add((users, positions), interval);
        }

        return interval;
    }

    // A token that has ended a stage, or comes to the chip, enters the next stage: behind the token before it in its prompt, one interval
    // after the last, and where there is room.
    private void TryEnter(int slot)
    {
        var s = _slots;
        while (true)
        {
            var next = s.Stage[slot] + 1;
            var before = s.Before[slot];
            // Keys and values of a stage are written in the order of the prompt, so no token enters a stage before the one ahead of it.
            if (before >= 0 && s.Stage[before] < next)
            {
                s.Held[slot] = Now;
                return;
            }

            if (next == 0)
            {
                if (_room[0] == 0)
                {
                    Park(0, slot);
                    return;
                }

                _room[0]--;
                s.Interval[slot] = InitiationInterval(slot);
            }
            else
            {
                Leave(next - 1);
            }

            var enter = Math.Max(Now, _entered[next] + s.Interval[slot]);
            _entered[next] = enter;
            if (enter > s.Since[slot] && IsAnswer(slot))
                Account(slot, _flat.Name[_flat.StageBegin[next]], new PathPart(PathPartKind.Ordering, default), enter - s.Since[slot]);
            Begin(slot, next, enter);
            var behind = s.Behind[slot];
            if (behind < 0 || s.Held[behind] < 0 || s.Stage[behind] + 1 != next)
                return;
            s.Held[behind] = -1;
            slot = behind;
        }
    }

    private void Begin(int slot, int stage, long cycle)
    {
        var s = _slots;
        s.Stage[slot] = stage;
        s.Entry[slot] = cycle;
        var begin = _flat.StageBegin[stage];
        var count = _flat.StageBegin[stage + 1] - begin;
        s.Left[slot] = count;
        s.HasRoom[slot] = false;
        if (_flat.Experts[stage] > 0)
            _workload.Experts(
                s.Request[slot],
                s.Position[slot],
                stage,
                _flat.Experts[stage],
                s.Experts.AsSpan(slot * _flat.MaximumUsed, _flat.Used[stage])
            );
        var node = slot << _shift;
        for (var p = 0; p < count; p++, node++)
        {
            var after = _flat.After[begin + p].Length;
            s.Pending[node] = (byte)after;
            s.Ready[node] = cycle;
            s.Start[node] = -1;
            s.Unserved[node] = -1;
            if (after == 0)
                _events.Push(cycle, Code(Kind.Ready), node);
        }
    }

    // The last phase of a stage sends the token on: it begins when the next stage has room.
    private bool Send(int slot, int stage)
    {
        var s = _slots;
        if (s.HasRoom[slot] || stage + 1 == _flat.Stages || (stage + 2 == _flat.Stages && !IsAnswer(slot)))
            return true;
        if (_room[stage + 1] == 0)
        {
            Park(stage + 1, slot);
            return false;
        }

        _room[stage + 1]--;
        s.HasRoom[slot] = true;
        return true;
    }

    private void Park(int stage, int slot) => (_parked[stage] ??= new()).Enqueue(slot);

    // A token has left the stage: whoever waits for room is let on.
    private void Leave(int stage)
    {
        var s = _slots;
        _room[stage]++;
        if (_parked[stage] is not { Count: > 0 } queue)
            return;
        var slot = queue.Dequeue();
        if (stage == 0)
        {
            if (Now > s.Since[slot] && IsAnswer(slot))
                Account(slot, _flat.Name[0], new PathPart(PathPartKind.Credit, FabricUnit.Network), Now - s.Since[slot]);
            s.Since[slot] = Now;
            _events.Push(Now, Code(Kind.Enter), slot);
            return;
        }

        _room[stage]--;
        s.HasRoom[slot] = true;
        var last = _flat.StageBegin[stage] - 1;
        var node = (slot << _shift) + last - _flat.StageBegin[stage - 1];
        if (IsAnswer(slot))
            Account(slot, _flat.Name[last], new PathPart(PathPartKind.Credit, FabricUnit.Network), Now - s.Ready[node]);
        s.Ready[node] = Now;
        _events.Push(Now, Code(Kind.Ready), node);
    }

    // The next prompt token comes to the door as this one enters.
    private void FollowWithPrompt(int slot)
    {
        if (IsAnswer(slot))
            return;
        var (request, position) = (_slots.Request[slot], _slots.Position[slot]);
        var behind = Issue(request, position + 1, slot);
        // The first answer counts from the arrival: until here it waited for its own prompt to enter the chip.
        if (IsAnswer(behind))
        {
            _slots.Since[behind] = Now;
            Account(behind, _flat.Name[0], new PathPart(PathPartKind.Ordering, default), Now - _requests[request].ArrivalCycle);
        }

        TryEnter(behind);
    }

    private void FinishStage(int slot)
    {
        var s = _slots;
        var stage = s.Stage[slot];
        var count = _flat.StageBegin[stage + 1] - _flat.StageBegin[stage];
        var first = slot << _shift;
        var last = 0;
        for (var p = 1; p < count; p++)
            if (s.End[first + p] > s.End[first + last])
                last = p;
        var answer = IsAnswer(slot);
        if (answer)
            AccountStage(slot, stage, last);
        var end = s.End[first + last];
        s.Since[slot] = end;
        if (stage + 1 == _flat.Stages || (stage + 2 == _flat.Stages && !answer))
            Complete(slot, stage, end);
        else
            _events.Push(end, Code(Kind.Enter), slot);
    }

    private void Complete(int slot, int stage, long end)
    {
        var s = _slots;
        var (request, behind, answer) = (s.Request[slot], s.Behind[slot], IsAnswer(slot));
        var asked = _requests[request];
        if (answer)
        {
            var index = _firstAnswer[request] + _answered[request]++;
            _answerCycle[index] = end;
            s.Parts.AsSpan(slot * PathPart.Count, PathPart.Count).CopyTo(_answerParts.AsSpan(index * PathPart.Count));
            if (_answered[request] == 1 && asked.PromptTokens > 1)
                _streaming--;
            if (_answered[request] == asked.OutputTokens)
                _active--;
        }

        Leave(stage);
        var position = s.Position[slot];
        s.Return(slot);
        if (behind >= 0)
        {
            s.Before[behind] = -1;
            if (s.Held[behind] >= 0)
            {
                s.Held[behind] = -1;
                TryEnter(behind);
            }
        }

        if (!answer || _answered[request] == asked.OutputTokens)
            return;
        var next = Issue(request, position + 1, -1);
        s.Since[next] = end;
        _events.Push(end, Code(Kind.Enter), next);
    }
}
