namespace TaalasSim.Runtime.Engine;

/// <summary>Reads the state of an engine: what each token does, and what is in its way. Changes nothing.</summary>
internal sealed class EngineProbe(
    FlatSchedule flat,
    RequestTable requests,
    TokenTable tokens,
    StageRoom room,
    SharedResources shared,
    PhaseStarts starts
)
{
    /// <summary>What is in the way of a phase of a token at a cycle that the engine has just played.</summary>
    public ProbeAnswer Blocked(PhaseRef phase, int request, int position, long cycle)
    {
        var s = tokens;
        var token = s.Find(request, position);
        if (token < 0)
            return new ProbeAnswer(HasPassed(request, position) ? ProbeBlock.None : ProbeBlock.NotIssued);
        var stage = s.Stage[token];
        if (stage > phase.Stage)
            return new ProbeAnswer(ProbeBlock.None);
        if (s.Held[token] >= 0 && stage < phase.Stage)
            return new ProbeAnswer(ProbeBlock.Order);
        if (room.IsWaiting(token))
            return new ProbeAnswer(ProbeBlock.Room);
        if (stage < 0)
            return new ProbeAnswer(ProbeBlock.NotIssued);
        if (s.Entry[token] > cycle)
            return new ProbeAnswer(ProbeBlock.Order);
        return stage < phase.Stage
            ? new ProbeAnswer(ProbeBlock.EarlierPhase, Running(token, stage, cycle))
            : BlockedInStage(token, phase, cycle);
    }

    /// <summary>Every token in flight with the phase that it is in or waits for, oldest first.</summary>
    public IReadOnlyList<TokenState> States(long cycle)
    {
        var s = tokens;
        return [.. s.Taken().OrderBy(token => s.Number[token]).Select(token => State(token, cycle))];
    }

    private TokenState State(int token, long cycle)
    {
        var s = tokens;
        var entered = s.Stage[token] >= 0;
        var phase = entered ? Running(token, s.Stage[token], cycle) : new PhaseRef(0, 0);
        var node = s.FirstNode(token) + phase.Phase;
        var started = entered && s.Start[node] >= 0 && s.Start[node] <= cycle;
        var done = entered && s.Left[token] == 0 && s.Since[token] <= cycle;
        var answer =
            done ? new ProbeAnswer(s.Held[token] >= 0 ? ProbeBlock.Order : ProbeBlock.None)
            : started && !shared.IsQueued(node) ? new ProbeAnswer(ProbeBlock.None)
            : Blocked(phase, s.Request[token], s.Position[token], cycle);
        var name = flat.Phases[flat.StageBegin[phase.Stage] + phase.Phase].Name;
        return new TokenState(s.Request[token], s.Position[token], phase, name, answer);
    }

    private ProbeAnswer BlockedInStage(int token, PhaseRef phase, long cycle)
    {
        var s = tokens;
        var first = s.FirstNode(token);
        var node = first + phase.Phase;
        var index = flat.StageBegin[phase.Stage] + phase.Phase;
        if (s.Start[node] < 0)
        {
            var waitsFor = flat.After[index].First(a => s.Start[first + a] < 0 || s.End[first + a] > cycle);
            return new ProbeAnswer(ProbeBlock.EarlierPhase, new PhaseRef(phase.Stage, waitsFor));
        }

        var queued = shared.QueuedUnserved(node);
        if (queued < 0 && s.Start[node] <= cycle)
            return new ProbeAnswer(ProbeBlock.None);
        return new ProbeAnswer(ProbeBlock.Resource, null, flat.Resources[queued >= 0 ? queued : starts.LastFree(token, index)]);
    }

    // The first phase of the stage that has not ended.
    private PhaseRef Running(int token, int stage, long cycle)
    {
        var first = tokens.FirstNode(token);
        var count = flat.StageBegin[stage + 1] - flat.StageBegin[stage];
        for (var p = 0; p < count; p++)
            if (tokens.Start[first + p] < 0 || tokens.End[first + p] > cycle)
                return new PhaseRef(stage, p);
        return new PhaseRef(stage, count - 1);
    }

    // A token that is not in flight has finished when a later answer exists or the prompt has moved past it; else it is not issued.
    private bool HasPassed(int request, int position)
    {
        ref readonly var asked = ref requests[request];
        var answer = position - asked.StartingContext - asked.PromptTokens + 1;
        return answer < 0 ? Newest(request) > position : answer < requests.Answered(request);
    }

    // Highest position of a request in flight; past the prompt when answers have begun.
    private int Newest(int request)
    {
        var asked = requests[request];
        if (requests.Answered(request) > 0)
            return int.MaxValue;
        for (var position = asked.StartingContext + asked.PromptTokens - 1; position >= asked.StartingContext; position--)
            if (tokens.Find(request, position) >= 0)
                return position;
        return -1;
    }
}
