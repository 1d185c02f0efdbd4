using TaalasSim.ChipModel.Gpu;

namespace TaalasSim.Reports.Traces;

/// <summary>
/// An inference engine with continuous batching, replayed step by step: a step decodes one token of every sequence and reads as many prompt
/// tokens as the engine's step has room for, first come first served. Steps without prompts in which nothing else happens are taken
/// together.
/// </summary>
/// <remarks>Times of steps are those of <see cref="GpuMachine.Step"/>; what the fit says of first tokens (waiting, set-up, server) is added
/// to all tokens of a request.</remarks>
internal sealed class GpuQueue
{
    // Steps that are taken together: contexts grow by a quarter at most, and the step in their middle stands for all.
    private const double LeastStep = 32,
        StepOverContext = 0.25;

    private readonly GpuServer _server;
    private readonly (double Prompt, double Step) _scale;
    private readonly IReadOnlyList<TraceRequest> _requests;
    private readonly bool _promptsOnly;
    private readonly ServedTrace _served;
    private readonly Queue<int> _prompts = new();
    private readonly List<int> _read = [];
    private readonly PriorityQueue<int, (long Step, int Request)> _answers = new();
    private readonly int[] _left;
    private readonly double[] _delay;
    private double _time;
    private double _busy;
    private double _joules;
    private int _next;
    private double _kvBytes;
    private double _contexts;
    private long _steps;

    /// <summary>An idle engine.</summary>
    /// <param name="server">Its machine.</param>
    /// <param name="end">End of the interval of its speeds.</param>
    /// <param name="requests">Requests by arrival; each fits.</param>
    /// <param name="promptsOnly">Whether a request leaves with its first token.</param>
    /// <param name="served">Receives the times.</param>
    public GpuQueue(GpuServer server, IntervalEnd end, IReadOnlyList<TraceRequest> requests, bool promptsOnly, ServedTrace served)
    {
        (_server, _requests, _promptsOnly, _served) = (server, requests, promptsOnly, served);
        _scale = end switch
        {
            IntervalEnd.Fast => (server.PromptRatio.Fast, server.StepRatio.Fast),
            IntervalEnd.Slow => (server.PromptRatio.Slow, server.StepRatio.Slow),
            _ => (1, 1),
        };
        (_left, _delay) = (new int[requests.Count], new double[requests.Count]);
    }

    /// <summary>Serves all requests.</summary>
    public ServedPart Run(CancellationToken cancel)
    {
        while (true)
        {
            Admit();
            if (_answers.Count + _prompts.Count == 0)
            {
                if (_next == _requests.Count)
                    return new ServedPart(_busy, _joules);
                cancel.ThrowIfCancellationRequested();
                _time = _requests[_next].ArrivalSeconds;
                (_kvBytes, _contexts) = (0, 0);
            }
            else if (_prompts.Count > 0)
            {
                ReadPrompts();
            }
            else
            {
                Decode();
            }
        }
    }

    private double Held(TraceRequest request) => _server.Held(request, _promptsOnly);

    private void Admit()
    {
        while (
            _next < _requests.Count
            && _requests[_next].ArrivalSeconds <= _time
            && _answers.Count + _prompts.Count < _server.MostSequences
            && _kvBytes + Held(_requests[_next]) <= _server.Machine.KvPoolBytes
        )
        {
            _kvBytes += Held(_requests[_next]);
            _left[_next] = _requests[_next].PromptTokens;
            _served.Started[_next] = _time;
            _prompts.Enqueue(_next++);
        }
    }

    private double Context => _answers.Count == 0 ? 0 : (_contexts / _answers.Count) + _steps;

    private void ReadPrompts()
    {
        var running = _answers.Count;
        var room = Math.Max(1, _server.StepTokens - running);
        double tokens = 0,
            seen = 0;
        var begun = 0;
        _read.Clear();
        foreach (var i in _prompts)
        {
            if (room == 0)
                break;
            var (behind, now) = (_requests[i].PromptTokens - _left[i], Math.Min(_left[i], room));
            begun += behind == 0 ? 1 : 0;
            tokens += now;
            seen += now * (behind + (0.5 * now));
            room -= now;
            _left[i] -= now;
            if (_left[i] == 0)
                _read.Add(i);
        }

        // Host work of a prompt was fitted on steps of running batches; alone, a prompt has a set-up time in its place.
        var step = _server.Machine.Step(running, Context, tokens, seen / tokens, running > 0 ? begun : 0);
        var setUp = running == 0 && begun > 0 ? _server.PrefillSeconds : 0;
        var seconds = ((step.Total / Pace) + setUp) * (running == 0 ? _scale.Prompt : _scale.Step);
        Work(step, seconds);
        Retire(1);
        foreach (var i in _read)
            EndPrompt(i, running == 0 ? 0 : _server.PrefillSeconds + (_server.WaitSteps * step.Total));
    }

    private void EndPrompt(int i, double wait)
    {
        _prompts.Dequeue();
        _delay[i] = wait + _server.FirstTokenSeconds;
        _served.First[i] = _time + _delay[i];
        if (_promptsOnly || _requests[i].AnswerTokens == 1)
        {
            _served.Finished[i] = _served.First[i];
            _kvBytes -= Held(_requests[i]);
            return;
        }

        _answers.Enqueue(i, (_steps + _requests[i].AnswerTokens - 1, i));
        _contexts += _requests[i].PromptTokens + 1 - _steps;
    }

    // Steps without prompts until a sequence ends, a request arrives, or contexts are noticeably longer.
    private void Decode()
    {
        _answers.TryPeek(out _, out var first);
        var (running, context) = (_answers.Count, Context);
        var most = (long)Math.Max(LeastStep, StepOverContext * context);
        var steps = Math.Min(first.Step - _steps, most);
        if (_next < _requests.Count && _requests[_next].ArrivalSeconds > _time)
        {
            var one = _server.Machine.Step(running, context).Total / Pace * _scale.Step;
            steps = Math.Min(steps, Math.Max(1, (long)Math.Ceiling((_requests[_next].ArrivalSeconds - _time) / one)));
        }

        var step = _server.Machine.Step(running, context + (0.5 * (steps - 1)));
        Work(step, steps * step.Total / Pace * _scale.Step);
        Retire(steps);
    }

    // A card whose queue is never empty works a part of the time: what the fit calls busy.
    private double Pace => _next < _requests.Count && _requests[_next].ArrivalSeconds <= _time ? _server.BusyShare : 1;

    private void Work(GpuStep step, double seconds)
    {
        _time += seconds;
        _busy += seconds;
        _joules += _server.Cards * (_server.Machine.Watts(step) - _server.Machine.IdleWatts) * seconds;
    }

    private void Retire(long steps)
    {
        _steps += steps;
        while (_answers.TryPeek(out var i, out var end) && end.Step <= _steps)
        {
            _answers.Dequeue();
            _served.Finished[i] = _time + _delay[i];
            _kvBytes -= Held(_requests[i]);
            _contexts -= _requests[i].PromptTokens + 1 - (end.Step - (_requests[i].AnswerTokens - 1));
        }
    }
}
