using System.Numerics;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// Plays a token schedule with contention. A phase is ready when the phases before it have ended. Each of its demands then takes its resource as soon as that is free;
/// the phase ends when the last demand is served and the pipelines are filled.
/// </summary>
/// <remarks>
/// A free resource serves whoever comes; of those that wait it takes the token that was issued first, ties by phase. Buffers between units are as large as needed.
/// One event per phase, plus one for each time that a resource with a queue comes free. Cycles are whole; the run depends on schedule and workload alone.
/// </remarks>
public sealed class EventEngine
{
    // Resources that come free rank behind phases that become ready at the same cycle, so those take part.
    private const long WakeRank = long.MaxValue - int.MaxValue;

    private readonly Workload _workload;
    private readonly Request[] _requests;
    private readonly TraceWindow? _window;
    private readonly FlatSchedule _flat;
    private readonly SlotTable _slots;
    private readonly EventHeap _events = new();
    private readonly int _shift;
    private readonly int _jobShift;
    private readonly long[] _freeAt;
    private readonly long[] _busy;
    private readonly bool[] _wake;
    private readonly int[] _oldest;
    private readonly int[] _youngest;
    private readonly long[] _passed;
    private readonly double[] _contextItems;
    private readonly long[] _path;
    private readonly int[] _answered;
    private readonly int[] _firstAnswer;
    private readonly long[] _answerCycle;
    private readonly long[] _answerParts;
    private readonly List<TraceSlice> _trace = [];
    private long _issued;
    private long _dropped;

    /// <summary>An engine at cycle 0.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="workload">Requests; each needs a prompt and an answer of at least one token.</param>
    /// <param name="trace">Part of the run to keep for a trace; nothing is kept without it.</param>
    /// <exception cref="InputException">A request is empty or out of range.</exception>
    public EventEngine(TokenSchedule schedule, Workload workload, TraceWindow? trace = null)
        : this(new FlatSchedule(schedule), workload, trace)
    {
    }

    internal EventEngine(FlatSchedule flat, Workload workload, TraceWindow? trace = null)
    {
        (_flat, _workload, _window) = (flat, workload, trace);
        _requests = [.. workload.Requests];
        _shift = BitOperations.Log2((uint)Math.Max(1, (_flat.MaximumPhases * 2) - 1));
        _jobShift = BitOperations.Log2((uint)Math.Max(1, (_flat.MaximumJobs * 2) - 1));
        _slots = new SlotTable(1 << _shift, 1 << _jobShift, _flat.MaximumUsed);
        var resources = _flat.Resources.Length;
        (_freeAt, _busy, _wake, _oldest, _youngest) = (new long[resources], new long[resources], new bool[resources], new int[resources], new int[resources]);
        Array.Fill(_oldest, -1);
        Array.Fill(_youngest, -1);
        (_passed, _contextItems) = (new long[_flat.Phases.Length], new double[_flat.Demands.Length]);
        _path = new long[_flat.Names.Length * PathPart.Count];
        _answered = new int[_requests.Length];
        _firstAnswer = new int[_requests.Length + 1];
        for (var i = 0; i < _requests.Length; i++)
        {
            var request = _requests[i];
            if (request.PromptTokens < 1 || request.OutputTokens < 1 || request.StartingContext < 0 || request.ArrivalCycle < 0
                || (long)request.StartingContext + request.PromptTokens + request.OutputTokens > int.MaxValue)
                throw new InputException(FormattableString.Invariant($"request {i}: {request.PromptTokens} prompt and {request.OutputTokens} answer tokens after {request.StartingContext} positions, arriving at cycle {request.ArrivalCycle}; prompt and answer need at least 1 token, context and cycle at least 0"));
            _firstAnswer[i + 1] = checked(_firstAnswer[i] + request.OutputTokens);
        }

        _answerCycle = new long[_firstAnswer[^1]];
        _answerParts = new long[checked(_firstAnswer[^1] * PathPart.Count)];
        for (var i = 0; i < _requests.Length; i++)
            Issue(i, _requests[i].StartingContext, _requests[i].ArrivalCycle, -1);
    }

    /// <summary>Cycle of the last event played.</summary>
    public long Now { get; private set; }

    /// <summary>Events played so far.</summary>
    public long Events { get; private set; }

    /// <summary>Plays to the end.</summary>
    public EngineResult Run(CancellationToken cancel = default)
    {
        AdvanceTo(long.MaxValue, cancel);
        return Result();
    }

    /// <summary>Plays all events up to and with a cycle.</summary>
    public void AdvanceTo(long cycle, CancellationToken cancel = default)
    {
        while (_events.Count > 0 && _events.NextTime <= cycle)
        {
            if ((++Events & 0xFFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            Now = _events.NextTime;
            var payload = _events.Pop(out var rank);
            if (rank < WakeRank)
                Request(payload);
            else
                ServeOldest(payload);
        }
    }

    /// <summary>Whether a phase of a token has started by a cycle, and if not what is in the way.</summary>
    /// <remarks>The run is played again on another engine up to and with the cycle, so this one's state does not change and the cycle may lie before or after <see cref="Now"/>.</remarks>
    /// <param name="phase">The phase.</param>
    /// <param name="request">Index of the request.</param>
    /// <param name="position">Position of the token in its context, from the starting context on.</param>
    /// <param name="cycle">Cycle to look at.</param>
    /// <exception cref="ArgumentOutOfRangeException">The token does not come through the phase.</exception>
    public ProbeAnswer Probe(PhaseRef phase, int request, int position, long cycle)
    {
        var asked = _requests[request];
        var offset = position - asked.StartingContext;
        if (offset < 0 || offset > asked.PromptTokens + asked.OutputTokens - 2 || (phase.Stage == _flat.Stages - 1 && offset < asked.PromptTokens - 1))
            throw new ArgumentOutOfRangeException(nameof(position), position, "this token does not come through the phase");
        var replay = new EventEngine(_flat, _workload);
        replay.AdvanceTo(cycle);
        return replay.Blocked(phase, request, position, cycle);
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
        if (s.Held[slot] >= 0 && s.Held[slot] <= cycle && stage < phase.Stage)
            return new ProbeAnswer(ProbeBlock.Order);
        if (s.Entry[slot] > cycle)
            return stage == 0 ? new ProbeAnswer(ProbeBlock.NotIssued) : new ProbeAnswer(ProbeBlock.EarlierPhase, LastOf(stage - 1));
        if (stage < phase.Stage)
            return new ProbeAnswer(ProbeBlock.EarlierPhase, Running(slot, stage, cycle));

        var node = (slot << _shift) + phase.Phase;
        if (s.Start[node] >= 0)
            return new ProbeAnswer(ProbeBlock.None);
        for (var resource = 0; s.Unserved[node] > 0 && resource < _oldest.Length; resource++)
            for (var job = _oldest[resource]; job >= 0; job = s.Younger[job])
                if (job >> _jobShift == node)
                    return new ProbeAnswer(ProbeBlock.Resource, null, _flat.Resources[resource]);
        var waitsFor = _flat.After[_flat.StageBegin[stage] + phase.Phase].First(a => s.Start[(slot << _shift) + a] < 0 || s.End[(slot << _shift) + a] > cycle);
        return new ProbeAnswer(ProbeBlock.EarlierPhase, new PhaseRef(stage, waitsFor));
    }

    private PhaseRef LastOf(int stage) => new(stage, _flat.StageBegin[stage + 1] - _flat.StageBegin[stage] - 1);

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

    // A token enters the first stage at a cycle that may lie ahead.
    private int Issue(int request, int position, long cycle, int before)
    {
        var s = _slots;
        var slot = s.Take();
        s.Request[slot] = request;
        s.Position[slot] = position;
        s.Number[slot] = _issued++;
        s.Before[slot] = before;
        s.Behind[slot] = -1;
        s.Held[slot] = -1;
        if (before >= 0)
            s.Behind[before] = slot;
        if (IsAnswer(slot))
            s.Parts.AsSpan(slot * PathPart.Count, PathPart.Count).Clear();
        EnterStage(slot, 0, cycle);
        return slot;
    }

    private bool IsAnswer(int slot)
    {
        var asked = _requests[_slots.Request[slot]];
        return _slots.Position[slot] >= asked.StartingContext + asked.PromptTokens - 1;
    }

    private void EnterStage(int slot, int stage, long cycle)
    {
        var s = _slots;
        s.Stage[slot] = stage;
        s.Entry[slot] = cycle;
        var begin = _flat.StageBegin[stage];
        var count = _flat.StageBegin[stage + 1] - begin;
        s.Left[slot] = count;
        if (_flat.Experts[stage] > 0)
            _workload.Experts(s.Request[slot], s.Position[slot], stage, _flat.Experts[stage], s.Experts.AsSpan(slot * _flat.MaximumUsed, _flat.Used[stage]));
        var node = slot << _shift;
        for (var p = 0; p < count; p++, node++)
        {
            var after = _flat.After[begin + p].Length;
            s.Pending[node] = (byte)after;
            s.Ready[node] = cycle;
            s.Start[node] = -1;
            s.Unserved[node] = 0;
            if (after == 0)
                _events.Push(cycle, Rank(slot, p), node);
        }
    }

    private long Rank(int slot, int phase) => (_slots.Number[slot] << _shift) + phase;

    // Every demand of a ready phase goes to its resource.
    private void Request(int node)
    {
        var s = _slots;
        var slot = node >> _shift;
        var phase = _flat.StageBegin[s.Stage[slot]] + (node & ((1 << _shift) - 1));
        var (begin, end) = (_flat.DemandBegin[phase], _flat.DemandBegin[phase + 1]);
        s.End[node] = Now;
        s.Worked[node] = 0;
        s.Binding[node] = _flat.Unit[phase];
        var jobs = 0;
        for (var d = begin; d < end; d++)
            jobs += Math.Max(1, _flat.Demands[d].Used);
        s.Unserved[node] = jobs;
        if (jobs == 0)
            Begin(node, slot, phase);
        var job = node << _jobShift;
        for (var d = begin; d < end; d++)
        {
            ref readonly var demand = ref _flat.Demands[d];
            for (var i = 0; i < Math.Max(1, demand.Used); i++, job++)
            {
                var resource = _flat.Pool[demand.Pool + (demand.Used == 0 ? 0 : s.Experts[(slot * _flat.MaximumUsed) + i])];
                s.Demand[job] = d;
                if (_freeAt[resource] > Now || _oldest[resource] >= 0)
                    Queue(job, resource);
                else
                    Serve(job, resource);
            }
        }
    }

    private void Serve(int job, int resource)
    {
        var s = _slots;
        var node = job >> _jobShift;
        var slot = node >> _shift;
        ref readonly var demand = ref _flat.Demands[s.Demand[job]];
        var cycles = demand.FixedCycles;
        if (cycles < 0)
        {
            var positions = s.Position[slot] + 1;
            cycles = (long)demand.Source.Cycles(positions);
            _contextItems[s.Demand[job]] += demand.Source.ItemsAt(positions) - demand.Source.Items;
        }

        _freeAt[resource] = Now + cycles;
        _busy[resource] += cycles;
        if (_oldest[resource] >= 0)
            Wake(resource);
        if (Now + cycles > s.End[node])
        {
            s.End[node] = Now + cycles;
            s.Worked[node] = cycles;
            s.Binding[node] = demand.Unit;
        }

        var phase = _flat.StageBegin[s.Stage[slot]] + (node & ((1 << _shift) - 1));
        if (_window is { } window && Now < window.ToCycle && Now + cycles > window.FromCycle)
            Trace(window, node, slot, phase, resource, cycles);
        if (--s.Unserved[node] == 0)
            Begin(node, slot, phase);
    }

    // All resources serve the phase by now, so its end is known.
    private void Begin(int node, int slot, int phase)
    {
        var s = _slots;
        var end = s.End[node] += _flat.Fill[phase];
        s.Start[node] = Now;
        _passed[phase]++;
        var first = slot << _shift;
        foreach (var next in _flat.Next[phase])
        {
            var waiting = first + next;
            s.Ready[waiting] = Math.Max(s.Ready[waiting], end);
            if (--s.Pending[waiting] == 0)
                _events.Push(s.Ready[waiting], Rank(slot, next), waiting);
        }

        if (s.Stage[slot] == 0 && s.Left[slot] == _flat.StageBegin[1])
            FollowWithPrompt(slot);
        if (--s.Left[slot] == 0)
            FinishStage(slot);
    }

    private void Wake(int resource)
    {
        if (_wake[resource])
            return;
        _wake[resource] = true;
        _events.Push(_freeAt[resource], WakeRank + resource, resource);
    }

    private void ServeOldest(int resource)
    {
        _wake[resource] = false;
        var job = _oldest[resource];
        Dequeue(resource);
        Serve(job, resource);
    }

    // The next prompt token comes as soon as this one has found its way into the first stage.
    private void FollowWithPrompt(int slot)
    {
        if (IsAnswer(slot))
            return;
        var (request, position) = (_slots.Request[slot], _slots.Position[slot]);
        var behind = Issue(request, position + 1, Now, slot);
        if (!IsAnswer(behind))
            return;
        // The first answer counts from the arrival: until here it stood behind its own prompt at the door of the chip.
        var waited = Now - _requests[request].ArrivalCycle;
        var unit = _flat.DemandBegin[1] > 0 ? _flat.Demands[0].Unit : _flat.Unit[0];
        Account(behind, _flat.Name[0], new PathPart(PathPartKind.Waiting, (FabricUnit)unit), waited);
    }

    private void Queue(int job, int resource)
    {
        var s = _slots;
        // Mostly the newcomer is the youngest.
        var older = _youngest[resource];
        while (older >= 0 && IsOlder(job, older))
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
        Wake(resource);
    }

    private void Dequeue(int resource)
    {
        var s = _slots;
        var job = _oldest[resource];
        var younger = s.Younger[job];
        _oldest[resource] = younger;
        if (younger >= 0)
            s.Older[younger] = -1;
        else
            _youngest[resource] = -1;
    }

    private bool IsOlder(int a, int b)
    {
        var (first, second) = (_slots.Number[a >> (_jobShift + _shift)], _slots.Number[b >> (_jobShift + _shift)]);
        return first != second ? first < second : a < b;
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
        if (IsAnswer(slot))
            AccountStage(slot, stage, last);
        Leave(slot, stage, s.End[first + last]);
    }

    private void Leave(int slot, int stage, long end)
    {
        var s = _slots;
        while (true)
        {
            var next = stage + 1;
            if (next == _flat.Stages || (next == _flat.Stages - 1 && !IsAnswer(slot)))
            {
                Complete(slot, end);
                return;
            }

            // Keys and values of a stage are written in the order of the prompt, so no token enters a stage before the one ahead of it.
            var before = s.Before[slot];
            if (before >= 0 && s.Stage[before] <= stage)
            {
                s.Held[slot] = end;
                return;
            }

            var enter = Math.Max(before >= 0 && s.Stage[before] == next ? s.Entry[before] : Now, end);
            if (enter > end && IsAnswer(slot))
                Account(slot, _flat.Name[_flat.StageBegin[next]], new PathPart(PathPartKind.Ordering, default), enter - end);
            EnterStage(slot, next, enter);
            var behind = s.Behind[slot];
            if (behind < 0 || s.Held[behind] < 0 || s.Stage[behind] != stage)
                return;
            (slot, end) = (behind, s.Held[behind]);
            s.Held[slot] = -1;
        }
    }

    private void Complete(int slot, long end)
    {
        var s = _slots;
        var (request, behind, answer) = (s.Request[slot], s.Behind[slot], IsAnswer(slot));
        var position = s.Position[slot];
        if (answer)
        {
            var index = _firstAnswer[request] + _answered[request]++;
            _answerCycle[index] = end;
            s.Parts.AsSpan(slot * PathPart.Count, PathPart.Count).CopyTo(_answerParts.AsSpan(index * PathPart.Count));
        }

        s.Return(slot);
        if (behind >= 0)
        {
            s.Before[behind] = -1;
            if (s.Held[behind] >= 0)
            {
                var held = s.Held[behind];
                s.Held[behind] = -1;
                Leave(behind, s.Stage[behind], held);
            }
        }

        if (answer && _answered[request] < _requests[request].OutputTokens)
            Issue(request, position + 1, end, -1);
    }

    // The longest way back through the phases of a stage.
    private void AccountStage(int slot, int stage, int last)
    {
        var s = _slots;
        var (first, begin) = (slot << _shift, _flat.StageBegin[stage]);
        while (true)
        {
            var (node, phase) = (first + last, begin + last);
            var fill = _flat.Fill[phase];
            var name = _flat.Name[phase];
            Account(slot, name, new PathPart(PathPartKind.Working, (FabricUnit)s.Binding[node]), s.Worked[node]);
            Account(slot, name, new PathPart(PathPartKind.Filling, (FabricUnit)_flat.Unit[phase]), fill);
            var waited = s.End[node] - fill - s.Worked[node] - s.Ready[node];
            if (waited > 0)
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

    private void Trace(TraceWindow window, int node, int slot, int phase, int resource, long cycles)
    {
        if (_trace.Count >= window.MaximumSlices)
        {
            _dropped++;
            return;
        }

        var s = _slots;
        _trace.Add(new TraceSlice
        {
            Resource = resource,
            Phase = new PhaseRef(s.Stage[slot], phase - _flat.StageBegin[s.Stage[slot]]),
            Request = s.Request[slot],
            Position = s.Position[slot],
            ReadyCycle = s.Ready[node],
            StartCycle = Now,
            Cycles = cycles,
        });
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
                    demands.Add(new DemandUse(
                        new PhaseRef(stage, phase - _flat.StageBegin[stage]), demand.Source, _passed[phase], _passed[phase] * demand.Source.Items * times, _contextItems[d] * times));
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
            Requests = [.. _requests.Select((r, i) => new RequestTiming(r.ArrivalCycle, _answerCycle[_firstAnswer[i]], _answerCycle[_firstAnswer[i + 1] - 1], r.OutputTokens))],
            Resources = [.. _flat.Resources.Select((r, i) => new ResourceUse(r, _busy[i], cycles == 0 ? 0 : _busy[i] / (double)cycles))],
            Demands = demands,
            CriticalPath = rows,
            Trace = _trace,
            TraceDropped = _dropped,
        };
    }
}
