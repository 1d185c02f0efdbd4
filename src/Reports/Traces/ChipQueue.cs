namespace TaalasSim.Reports.Traces;

/// <summary>
/// The user slots of one chip, replayed from event to event. Between two events the numbers of prompts and of answers stay, and all move at
/// the rates of the closed form.
/// </summary>
/// <remarks>
/// Answers alone have a token each round of the modulo schedule. While prompts stream, tokens enter in the order in which they come, one
/// interval of the busiest unit apart: an answer waits behind one token of each prompt, and what answers leave is shared by the prompts.
/// The first token of an answer without a prompt of its own waits for its place among the others, less than the time of one token; that
/// wait is left out. All answers have the same rate, and all prompts likewise, so the tokens that one of each would have made order their
/// ends.
/// </remarks>
internal sealed class ChipQueue
{
    // Tokens that rounding may leave out.
    private const double Slack = 1e-6;

    // Rates follow the context in steps of a quarter of it, each taken in its middle.
    private const double LeastStep = 32,
        StepOverContext = 0.25;

    private readonly ChipTiming _timing;
    private readonly double _scale;
    private readonly int _slots;
    private readonly double _kvCapacity;
    private readonly IReadOnlyList<ChipJob> _jobs;
    private readonly ServedTrace _served;
    private readonly PriorityQueue<int, (double Tokens, int Job)> _prompts = new();
    private readonly PriorityQueue<int, (double Tokens, int Job)> _answers = new();
    private double _time;
    private double _busy;
    private int _next;
    private double _kvBytes;
    private int _decoding;
    private double _promptTokens;
    private double _answerTokens;
    private double _contexts;
    private double _halfPrompts;

    /// <summary>An idle chip.</summary>
    /// <param name="timing">Its times.</param>
    /// <param name="scale">Factor on all times.</param>
    /// <param name="slots">User slots.</param>
    /// <param name="kvCapacity">Room for keys and values, bytes; each job fits.</param>
    /// <param name="jobs">Jobs by arrival.</param>
    /// <param name="served">Receives the times.</param>
    public ChipQueue(ChipTiming timing, double scale, int slots, double kvCapacity, IReadOnlyList<ChipJob> jobs, ServedTrace served) =>
        (_timing, _scale, _slots, _kvCapacity, _jobs, _served) = (timing, scale, slots, kvCapacity, jobs, served);

    /// <summary>Serves all jobs.</summary>
    /// <returns>Seconds with at least one job in a slot.</returns>
    public double Run(CancellationToken cancel)
    {
        while (true)
        {
            Admit();
            if (_decoding + _prompts.Count == 0)
            {
                if (_next == _jobs.Count)
                    return _busy;
                cancel.ThrowIfCancellationRequested();
                _time = _jobs[_next].ArrivalSeconds;
                (_promptTokens, _answerTokens, _contexts, _halfPrompts, _kvBytes) = (0, 0, 0, 0, 0);
                continue;
            }

            Advance();
        }
    }

    private void Admit()
    {
        while (
            _next < _jobs.Count
            && _jobs[_next].ArrivalSeconds <= _time
            && _decoding + _prompts.Count < _slots
            && _kvBytes + _jobs[_next].KvBytes <= _kvCapacity
        )
        {
            var job = _jobs[_next];
            _kvBytes += job.KvBytes;
            if (job.PromptTokens > 0)
                _served.Started[job.Request] = _time;
            if (job.PromptTokens > 1)
            {
                _prompts.Enqueue(_next, (_promptTokens + job.PromptTokens - 1, _next));
                _halfPrompts += 0.5 * job.PromptTokens;
            }
            else
            {
                BeginAnswer(_next);
            }

            _next++;
        }
    }

    private void BeginAnswer(int index)
    {
        var job = _jobs[index];
        _decoding++;
        _contexts += job.Context - _answerTokens;
        // The first token is an event of its own where the chip makes it.
        _answers.Enqueue(index, (_answerTokens + (job.PromptTokens > 0 ? 1 : job.AnswerTokens), index));
    }

    // To the next event: an arrival that may find room, the end of a prompt, an answer's first or last token, a longer context.
    private void Advance()
    {
        var context = _decoding > 0 ? (_contexts / _decoding) + _answerTokens : 0;
        var longer = Math.Max(LeastStep, StepOverContext * context);
        var (round, rate) = Rates(context);
        var estimate = Next(round, rate, longer).Seconds;
        (round, rate) = Rates(context + (0.5 * Math.Min(longer, estimate / round)));
        var (seconds, kind) = Next(round, rate, longer);
        _time += seconds;
        _busy += seconds;
        _answerTokens += seconds / round;
        _promptTokens += seconds * rate;
        if (kind == Event.Prompt)
            EndPrompts();
        if (kind == Event.Answer)
            EndAnswers();
        if (kind == Event.Arrival)
            _time = _jobs[_next].ArrivalSeconds;
    }

    private enum Event
    {
        Arrival,
        Prompt,
        Answer,
        Context,
    }

    private (double Seconds, Event Kind) Next(double round, double rate, double longer)
    {
        var next = (Seconds: double.PositiveInfinity, Kind: Event.Context);
        if (_next < _jobs.Count && _jobs[_next].ArrivalSeconds > _time)
            next = (_jobs[_next].ArrivalSeconds - _time, Event.Arrival);
        if (_prompts.TryPeek(out _, out var prompt) && Math.Max(0, prompt.Tokens - _promptTokens) / rate is var read && read < next.Seconds)
            next = (read, Event.Prompt);
        if (_answers.TryPeek(out _, out var answer))
        {
            var made = Math.Max(0, answer.Tokens - _answerTokens);
            var tokens = Math.Min(made, longer);
            if (tokens * round < next.Seconds)
                next = (tokens * round, made <= longer ? Event.Answer : Event.Context);
        }

        return next;
    }

    // Seconds from token to token of an answer, and prompt tokens a second of each prompt.
    private (double Round, double PromptRate) Rates(double context)
    {
        var prompts = _prompts.Count;
        var scale = _scale / _timing.ClockFraction(_decoding + prompts);
        if (prompts == 0)
            return (scale * _timing.Round(_decoding, context), 0);
        var behind = prompts * scale * _timing.Interval(Math.Max(1, _halfPrompts / prompts));
        if (_decoding == 0)
            return (double.PositiveInfinity, prompts == 1 ? AloneRate() / scale : 1 / behind);
        var answers = _decoding * scale * _timing.Interval(context);
        var round = behind + Math.Max(scale * _timing.Token(context), answers);
        return (round, (1 - (answers / round)) / behind);
    }

    private double AloneRate()
    {
        var tokens = _jobs[_prompts.Peek()].PromptTokens;
        return (tokens - 1) / _timing.Stream(tokens);
    }

    private void EndPrompts()
    {
        while (_prompts.TryPeek(out var index, out var end) && end.Tokens <= _promptTokens + Slack)
        {
            _prompts.Dequeue();
            _halfPrompts -= 0.5 * _jobs[index].PromptTokens;
            BeginAnswer(index);
        }
    }

    private void EndAnswers()
    {
        while (_answers.TryPeek(out var index, out var end) && end.Tokens <= _answerTokens + Slack)
        {
            _answers.Dequeue();
            var job = _jobs[index];
            if (job.PromptTokens > 0 && _served.First[job.Request] == 0)
            {
                _served.First[job.Request] = _time;
                if (job.AnswerTokens > 1)
                {
                    _answers.Enqueue(index, (end.Tokens + job.AnswerTokens - 1, index));
                    continue;
                }
            }

            _served.Finished[job.Request] = _time;
            _decoding--;
            _contexts -= job.Context - (end.Tokens - job.AnswerTokens);
            _kvBytes -= job.KvBytes;
        }
    }
}
