using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// Plays a token schedule with contention. A phase is ready when the phases before it have ended. Each of its demands then takes its
/// resource; the phase ends when the last demand is served and the pipelines are filled.
/// </summary>
/// <remarks>
/// A resource serves the phase that comes first in the program, and of one phase the token that came first; a later phase yields and goes
/// on where it stopped, which costs lanes, links and ports nothing as their work is a row of independent cycles. Stages take tokens at
/// least an initiation interval apart (<see cref="ModuloSchedule"/>) and hold <see cref="TokenSchedule.StageBuffers"/> of them: a token is
/// sent on only when the next stage has room. Cycles are integers; the run depends on schedule and workload alone.
/// </remarks>
public sealed class EventEngine
{
    private readonly FlatSchedule _flat;
    private readonly Workload _workload;
    private readonly BankGranularity? _grain;
    private readonly RequestTable _requests;
    private readonly EventWheel _events = new();
    private readonly TraceRecorder? _trace;
    private readonly PathAccount _account;
    private readonly TokenFlow _flow;
    private readonly PhaseEnds _ends;
    private readonly BankPieces? _pieces;
    private readonly SharedResources _shared;
    private readonly PhaseStarts _starts;
    private readonly EngineProbe _probe;

    /// <summary>An engine at cycle 0.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="workload">Requests; each needs a prompt and an answer of at least one token.</param>
    /// <param name="trace">Part of the run to keep for a trace; nothing is kept without it.</param>
    /// <param name="banks">Banks of the chip, to play every bank, tree node, link and KV bank by itself; null: one event stands for all
    /// that run side by side.</param>
    /// <exception cref="InputException">A request is empty or out of range.</exception>
    public EventEngine(TokenSchedule schedule, Workload workload, TraceWindow? trace = null, BankGranularity? banks = null)
        : this(new FlatSchedule(schedule), workload, trace, banks) { }

    internal EventEngine(FlatSchedule flat, Workload workload, TraceWindow? trace = null, BankGranularity? banks = null)
    {
        (_flat, _workload, _grain) = (flat, workload, banks);
        _requests = new RequestTable(workload.Requests);
        var tokens = new TokenTable(flat.MaximumPhases, flat.MaximumJobs, flat.MaximumUsed);
        var room = new StageRoom(flat.Stages, flat.Source.StageBuffers);
        _trace = trace is { } window ? new TraceRecorder(window, tokens) : null;
        _account = new PathAccount(flat, tokens);

        // Each part uses those before it.
        _flow = new TokenFlow(flat, workload.Experts, _requests, tokens, _events, room, _account);
        _ends = new PhaseEnds(flat, tokens, _events, _flow);
        _pieces = banks is null ? null : new BankPieces(banks, flat, tokens, _events, _ends);
        _shared = new SharedResources(flat, tokens, _events, _ends, _pieces, _trace);
        _starts = new PhaseStarts(flat, tokens, _events, _flow, _ends, _shared, _pieces, _trace);
        _probe = new EngineProbe(flat, _requests, tokens, room, _shared, _starts);
        for (var i = 0; i < _requests.Count; i++)
            _events.Push(_requests[i].ArrivalCycle, EventCode.Of(EventKind.Arrive), i);
    }

    /// <summary>Cycle of the last event played.</summary>
    public long Now => _events.Now;

    /// <summary>Events played so far.</summary>
    public long Events { get; private set; }

    /// <summary>Plays to the end.</summary>
    public EngineResult Run(CancellationToken cancel = default)
    {
        AdvanceTo(long.MaxValue, cancel);
        return EngineResult.Of(_flat, _requests, _starts, _ends, _account, _trace, Events);
    }

    /// <summary>Plays all events up to and with a cycle.</summary>
    public void AdvanceTo(long cycle, CancellationToken cancel = default)
    {
        while (_events.NextCycle() is var next && next <= cycle && next != long.MaxValue)
        {
            if ((++Events & 0xFFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            _events.Pop(next, out var code, out var argument);
            switch (EventCode.Kind(code))
            {
                case EventKind.Ready:
                    _starts.Start(argument);
                    break;
                case EventKind.Done:
                    _shared.Finish(argument);
                    break;
                case EventKind.Enter:
                    _flow.TryEnter(argument);
                    break;
                case EventKind.BankIn:
                    _pieces!.Reach(EventCode.Index(code), argument);
                    break;
                case EventKind.Piece:
                    _pieces!.End(argument);
                    break;
                case EventKind.Arrive:
                    _flow.Arrive(argument);
                    break;
            }
        }
    }

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
        return ReplayTo(cycle)._probe.Blocked(phase, request, position, cycle);
    }

    /// <summary>Every token on the chip at a cycle with the phase that it is in or waits for, oldest first. Plays the run again, so this
    /// engine's state does not change.</summary>
    /// <param name="cycle">Cycle to look at.</param>
    public IReadOnlyList<TokenState> Look(long cycle) => ReplayTo(cycle)._probe.States(cycle);

    private EventEngine ReplayTo(long cycle)
    {
        var replay = new EventEngine(_flat, _workload, null, _grain);
        replay.AdvanceTo(cycle);
        return replay;
    }
}
