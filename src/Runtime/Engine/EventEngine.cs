using System.Numerics;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// Plays a token schedule with contention. A phase is ready when the phases before it have ended. Each of its demands then takes its
/// resource; the phase ends when the last demand is served and the pipelines are filled.
/// </summary>
/// <remarks>
/// A resource serves the phase that comes first in the program, and of one phase the token that came first; a later phase yields and goes
/// on where it stopped, which costs lanes, links and ports nothing as their work is a row of independent cycles. Stages take slots at least
/// one initiation interval apart (<see cref="ModuloSchedule.InitiationInterval"/>) and hold
/// <see cref="TokenSchedule.StageBuffers"/> of them: a token is sent on only when the next stage has room. Cycles are integers; the run
/// depends on schedule and workload alone.
/// </remarks>
public sealed partial class EventEngine
{
    private const int KindShift = 28;

    private const int CodeMask = (1 << KindShift) - 1;

    private readonly Workload _workload;
    private readonly Request[] _requests;
    private readonly TraceWindow? _window;
    private readonly FlatSchedule _flat;
    private readonly BankGranularity? _grain;
    private readonly SlotTable _slots;
    private readonly EventWheel _events = new();
    private readonly int _shift;
    private readonly int _jobShift;
    private readonly int _nodeMask;
    private readonly long[] _passed;
    private readonly double[] _contextItems;
    private readonly long[] _path;
    private readonly int[] _answered;
    private readonly int[] _firstAnswer;
    private readonly long[] _answerCycle;
    private readonly long[] _answerParts;

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
        (_flat, _workload, _window, _grain) = (flat, workload, trace, banks);
        _requests = [.. workload.Requests];
        _shift = BitOperations.Log2((uint)Math.Max(1, (_flat.MaximumPhases * 2) - 1));
        _jobShift = BitOperations.Log2((uint)Math.Max(1, (_flat.MaximumJobs * 2) - 1));
        _nodeMask = (1 << _shift) - 1;
        _slots = new SlotTable(1 << _shift, 1 << _jobShift, _flat.MaximumUsed);
        var resources = _flat.Resources.Length;
        (_freeAt, _busy) = (new long[resources], new long[resources]);
        (_running, _since, _due, _oldest, _youngest) = (
            new int[resources],
            new long[resources],
            new long[resources],
            new int[resources],
            new int[resources]
        );
        Array.Fill(_running, -1);
        Array.Fill(_oldest, -1);
        Array.Fill(_youngest, -1);
        (_entered, _room) = (new long[_flat.Stages], new int[_flat.Stages]);
        Array.Fill(_entered, long.MinValue / 2);
        Array.Fill(_room, _flat.Source.StageBuffers == 0 ? int.MaxValue : _flat.Source.StageBuffers);
        _parked = new Queue<int>[_flat.Stages];
        (_passed, _contextItems) = (new long[_flat.Phases.Length], new double[_flat.Demands.Length]);
        _path = new long[_flat.Names.Length * PathPart.Count];
        _answered = new int[_requests.Length];
        _firstAnswer = new int[_requests.Length + 1];
        if (_grain is not null)
            _bankFree = new long[_grain.Banks];
        for (var i = 0; i < _requests.Length; i++)
        {
            var request = _requests[i];
            if (
                request.PromptTokens < 1
                || request.OutputTokens < 1
                || request.StartingContext < 0
                || request.ArrivalCycle < 0
                || (long)request.StartingContext + request.PromptTokens + request.OutputTokens > int.MaxValue
            )
                throw new InputException(
                    FormattableString.Invariant(
                        $"request {i}: {request.PromptTokens} prompt and {request.OutputTokens} answer tokens after {request.StartingContext} positions, arriving at cycle {request.ArrivalCycle}; prompt and answer need at least 1 token, context and cycle at least 0"
                    )
                );
            _firstAnswer[i + 1] = checked(_firstAnswer[i] + request.OutputTokens);
        }

        _answerCycle = new long[_firstAnswer[^1]];
        _answerParts = new long[checked(_firstAnswer[^1] * PathPart.Count)];
        for (var i = 0; i < _requests.Length; i++)
            _events.Push(_requests[i].ArrivalCycle, Code(Kind.Arrive), i);
    }

    private enum Kind
    {
        Arrive,
        Ready,
        Done,
        Enter,
        BankIn,
        Piece,
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
        while (_events.NextCycle() is var next && next <= cycle && next != long.MaxValue)
        {
            if ((++Events & 0xFFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            Now = next;
            _events.Pop(next, out var code, out var argument);
            switch ((Kind)(code >> KindShift))
            {
                case Kind.Ready:
                    Ready(argument);
                    break;
                case Kind.Done:
                    Done(argument);
                    break;
                case Kind.Enter:
                    TryEnter(argument);
                    break;
                case Kind.BankIn:
                    BankIn(code & CodeMask, argument);
                    break;
                case Kind.Piece:
                    Piece(argument);
                    break;
                case Kind.Arrive:
                    Arrive(argument);
                    break;
            }
        }
    }

    private static int Code(Kind kind, int index = 0) => ((int)kind << KindShift) | index;

    private bool IsAnswer(int slot)
    {
        var asked = _requests[_slots.Request[slot]];
        return _slots.Position[slot] >= asked.StartingContext + asked.PromptTokens - 1;
    }
}
