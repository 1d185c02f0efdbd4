using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// Resources that several phases visit. Each serves the phase that comes first in the program, and of one phase the token that was issued
/// first; a later phase yields and resumes where it stopped.
/// </summary>
internal sealed class SharedResources
{
    private readonly FlatSchedule _flat;
    private readonly TokenTable _tokens;
    private readonly EventWheel _events;
    private readonly PhaseEnds _ends;
    private readonly BankPieces? _pieces;
    private readonly TraceRecorder? _trace;
    private readonly int[] _running;
    private readonly long[] _since;
    private readonly long[] _due;
    private readonly int[] _oldest;
    private readonly int[] _youngest;

    public SharedResources(
        FlatSchedule flat,
        TokenTable tokens,
        EventWheel events,
        PhaseEnds ends,
        BankPieces? pieces,
        TraceRecorder? trace
    )
    {
        (_flat, _tokens, _events, _ends, _pieces, _trace) = (flat, tokens, events, ends, pieces, trace);
        var resources = flat.Resources.Length;
        (_running, _since, _due) = (new int[resources], new long[resources], new long[resources]);
        (_oldest, _youngest) = (new int[resources], new int[resources]);
        Array.Fill(_running, -1);
        Array.Fill(_oldest, -1);
        Array.Fill(_youngest, -1);
    }

    /// <summary>A job asks for its resource: it is served, or queued.</summary>
    public void Ask(int job, int resource)
    {
        var running = _running[resource];
        if (running < 0)
        {
            Serve(job, resource);
        }
        else if (First(job, running) && _due[resource] > _events.Now)
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

    /// <summary>A resource may have served its job; it has not when the job yielded in between.</summary>
    public void Finish(int resource)
    {
        if (_running[resource] < 0 || _due[resource] != _events.Now)
            return;
        var s = _tokens;
        var job = _running[resource];
        var node = s.NodeOf(job);
        _trace?.Add(node, resource, _since[resource], _events.Now);
        _running[resource] = -1;
        if (_oldest[resource] >= 0)
            Serve(Dequeue(resource), resource);
        _ends.Serve(node, _events.Now, s.Cycles[job], _flat.Demands[s.Demand[job]].Unit);
        _pieces?.SpreadShared(node, resource);
        _ends.CountDown(node);
    }

    /// <summary>Whether a job of a node is queued at any resource.</summary>
    public bool IsQueued(int node) => QueuedAt(node, justUnserved: false) >= 0;

    /// <summary>A resource at which a job of a node is queued that has not been served for a single cycle; −1 for none.</summary>
    public int QueuedUnserved(int node) => QueuedAt(node, justUnserved: true);

    private int QueuedAt(int node, bool justUnserved)
    {
        var s = _tokens;
        for (var resource = 0; resource < _oldest.Length; resource++)
        for (var job = _oldest[resource]; job >= 0; job = s.Younger[job])
            if (s.NodeOf(job) == node && (!justUnserved || s.Remaining[job] == s.Cycles[job]))
                return resource;
        return -1;
    }

    private void Serve(int job, int resource)
    {
        var s = _tokens;
        var now = _events.Now;
        _running[resource] = job;
        _since[resource] = now;
        _due[resource] = now + s.Remaining[job];
        _events.Push(_due[resource], EventCode.Of(EventKind.Done), resource);
        var node = s.NodeOf(job);
        if (s.Remaining[job] == s.Cycles[job] && now > s.Start[node])
            s.Start[node] = now;
    }

    // The part served so far is kept; the event of its end finds another one running and passes by.
    private void Stop(int job, int resource)
    {
        var served = (int)(_events.Now - _since[resource]);
        _tokens.Remaining[job] -= served;
        if (served > 0)
            _trace?.Add(_tokens.NodeOf(job), resource, _since[resource], _events.Now);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool First(int job, int other)
    {
        var s = _tokens;
        var (d, e) = (s.Demand[job], s.Demand[other]);
        return d != e ? d < e : s.NumberOf(job) < s.NumberOf(other);
    }

    private void Queue(int job, int resource)
    {
        var s = _tokens;
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
        var s = _tokens;
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
