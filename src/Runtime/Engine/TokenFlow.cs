using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>How tokens come, go from stage to stage and leave: initiation intervals, order and room.</summary>
internal sealed class TokenFlow
{
    private readonly FlatSchedule _flat;
    private readonly ExpertChoice _experts;
    private readonly RequestTable _requests;
    private readonly TokenTable _tokens;
    private readonly EventWheel _events;
    private readonly StageRoom _room;
    private readonly PathAccount _account;
    private readonly InitiationIntervals _intervals;
    private readonly long[] _entered;
    private long _issued;

    public TokenFlow(
        FlatSchedule flat,
        ExpertChoice experts,
        RequestTable requests,
        TokenTable tokens,
        EventWheel events,
        StageRoom room,
        PathAccount account
    )
    {
        (_flat, _experts, _requests, _tokens, _events, _room, _account) = (flat, experts, requests, tokens, events, room, account);
        _intervals = new InitiationIntervals(flat.Source);
        _entered = new long[flat.Stages];
        Array.Fill(_entered, long.MinValue / 2);
    }

    /// <summary>Whether a token brings an answer token.</summary>
    public bool IsAnswer(int token) => _requests.IsAnswer(_tokens.Request[token], _tokens.Position[token]);

    /// <summary>A request arrives. All who arrive in this cycle are counted before the first of them is let in.</summary>
    public void Arrive(int request)
    {
        _intervals.Arrive(_requests[request]);
        _events.Push(_events.Now, EventCode.Of(EventKind.Enter), Issue(request, _requests[request].StartingContext, -1));
    }

    /// <summary>A token that has ended a stage, or comes to the chip, enters the next stage: behind the token before it in its prompt, an
    /// initiation interval after the last, and where there is room.</summary>
    public void TryEnter(int token)
    {
        var s = _tokens;
        while (true)
        {
            var next = s.Stage[token] + 1;
            var before = s.Before[token];
            // Keys and values of a stage are written in the order of the prompt, so no token enters a stage before the one ahead of it.
            if (before >= 0 && s.Stage[before] < next)
            {
                s.Held[token] = _events.Now;
                return;
            }

            if (next == 0)
            {
                if (!_room.TryTake(0, token))
                    return;
                s.Interval[token] = _intervals.At(s.Position[token]);
            }
            else
            {
                Leave(next - 1);
            }

            var enter = Math.Max(_events.Now, _entered[next] + s.Interval[token]);
            _entered[next] = enter;
            if (enter > s.Since[token] && IsAnswer(token))
                Account(token, _flat.StageBegin[next], PathPartKind.Ordering, enter - s.Since[token]);
            Begin(token, next, enter);
            var behind = s.Behind[token];
            if (behind < 0 || s.Held[behind] < 0 || s.Stage[behind] + 1 != next)
                return;
            s.Held[behind] = -1;
            token = behind;
        }
    }

    /// <summary>The last phase of a stage sends the token on: it begins when the next stage has room. False while it has none.</summary>
    public bool TrySend(int token, int stage)
    {
        var s = _tokens;
        if (s.HasRoom[token] || IsLast(token, stage))
            return true;
        s.HasRoom[token] = _room.TryTake(stage + 1, token);
        return s.HasRoom[token];
    }

    /// <summary>The next prompt token comes to the door as this one enters.</summary>
    public void FollowWithPrompt(int token)
    {
        if (IsAnswer(token))
            return;
        var request = _tokens.Request[token];
        var behind = Issue(request, _tokens.Position[token] + 1, token);
        // The first answer counts from the arrival: until here it waited behind its own prompt at the door of the chip.
        if (IsAnswer(behind))
        {
            _tokens.Since[behind] = _events.Now;
            Account(behind, 0, PathPartKind.Ordering, _events.Now - _requests[request].ArrivalCycle);
        }

        TryEnter(behind);
    }

    /// <summary>All phases of a token's stage have ended.</summary>
    public void FinishStage(int token)
    {
        var s = _tokens;
        var stage = s.Stage[token];
        var count = _flat.StageBegin[stage + 1] - _flat.StageBegin[stage];
        var first = s.FirstNode(token);
        var last = 0;
        for (var p = 1; p < count; p++)
            if (s.End[first + p] > s.End[first + last])
                last = p;
        if (IsAnswer(token))
            _account.AddStage(token, stage, last);
        var end = s.End[first + last];
        s.Since[token] = end;
        if (IsLast(token, stage))
            Complete(token, stage, end);
        else
            _events.Push(end, EventCode.Of(EventKind.Enter), token);
    }

    // Tokens of a prompt before its last have no use for the output, the last stage.
    private bool IsLast(int token, int stage) => stage + 1 == _flat.Stages || (stage + 2 == _flat.Stages && !IsAnswer(token));

    private void Account(int token, int phase, PathPartKind kind, long cycles) =>
        _account.Add(token, _flat.Name[phase], new PathPart(kind, FabricUnit.Network), cycles);

    private int Issue(int request, int position, int before)
    {
        var s = _tokens;
        var token = s.Take();
        s.Request[token] = request;
        s.Position[token] = position;
        s.Number[token] = _issued++;
        s.Before[token] = before;
        s.Behind[token] = -1;
        s.Held[token] = -1;
        s.Stage[token] = -1;
        s.Entry[token] = long.MaxValue;
        s.Since[token] = _events.Now;
        if (before >= 0)
            s.Behind[before] = token;
        if (IsAnswer(token))
            s.PartsOf(token).Clear();
        return token;
    }

    private void Begin(int token, int stage, long cycle)
    {
        var s = _tokens;
        s.Stage[token] = stage;
        s.Entry[token] = cycle;
        var begin = _flat.StageBegin[stage];
        var count = _flat.StageBegin[stage + 1] - begin;
        s.Left[token] = count;
        s.HasRoom[token] = false;
        if (_flat.Experts[stage] > 0)
            _experts(
                s.Request[token],
                s.Position[token],
                stage,
                _flat.Experts[stage],
                s.Experts.AsSpan(token * _flat.MaximumUsed, _flat.Used[stage])
            );
        var node = s.FirstNode(token);
        for (var p = 0; p < count; p++, node++)
        {
            var after = _flat.After[begin + p].Length;
            s.Pending[node] = (byte)after;
            s.Ready[node] = cycle;
            s.Start[node] = -1;
            s.Unserved[node] = -1;
            if (after == 0)
                _events.Push(cycle, EventCode.Of(EventKind.Ready), node);
        }
    }

    // A token has left the stage: whoever waits for room is let on.
    private void Leave(int stage)
    {
        var s = _tokens;
        var token = _room.Free(stage);
        if (token < 0)
            return;
        if (stage == 0)
        {
            if (_events.Now > s.Since[token] && IsAnswer(token))
                Account(token, 0, PathPartKind.Credit, _events.Now - s.Since[token]);
            s.Since[token] = _events.Now;
            _events.Push(_events.Now, EventCode.Of(EventKind.Enter), token);
            return;
        }

        _room.Take(stage);
        s.HasRoom[token] = true;
        var last = _flat.StageBegin[stage] - 1;
        var node = s.FirstNode(token) + last - _flat.StageBegin[stage - 1];
        if (IsAnswer(token))
            Account(token, last, PathPartKind.Credit, _events.Now - s.Ready[node]);
        s.Ready[node] = _events.Now;
        _events.Push(_events.Now, EventCode.Of(EventKind.Ready), node);
    }

    private void Complete(int token, int stage, long end)
    {
        var s = _tokens;
        var (request, behind, answer) = (s.Request[token], s.Behind[token], IsAnswer(token));
        if (answer)
        {
            _requests.Answer(request, end, s.PartsOf(token));
            if (_requests.Answered(request) == 1 && _requests[request].PromptTokens > 1)
                _intervals.EndPrompt();
            if (_requests.IsDone(request))
                _intervals.EndRequest();
        }

        Leave(stage);
        var position = s.Position[token];
        s.Return(token);
        if (behind >= 0)
        {
            s.Before[behind] = -1;
            if (s.Held[behind] >= 0)
            {
                s.Held[behind] = -1;
                TryEnter(behind);
            }
        }

        if (!answer || _requests.IsDone(request))
            return;
        var next = Issue(request, position + 1, -1);
        s.Since[next] = end;
        _events.Push(end, EventCode.Of(EventKind.Enter), next);
    }
}
