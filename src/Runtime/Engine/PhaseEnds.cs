using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Engine;

/// <summary>How phases end, and what they make ready.</summary>
internal sealed class PhaseEnds(FlatSchedule flat, TokenTable tokens, EventWheel events, TokenFlow flow)
{
    /// <summary>Tokens that passed each phase.</summary>
    public long[] Passed { get; } = new long[flat.Phases.Length];

    /// <summary>A resource has served a node, or it is known when it will have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Serve(int node, long end, long cycles, byte unit)
    {
        var s = tokens;
        if (end <= s.End[node])
            return;
        s.End[node] = end;
        if (end > s.Expected[node])
            (s.Worked[node], s.Binding[node]) = (cycles, unit);
    }

    /// <summary>One job or piece of a node has its end; the phase ends with the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountDown(int node)
    {
        if (--tokens.Unserved[node] == 0)
            End(node);
    }

    private void End(int node)
    {
        var s = tokens;
        var token = s.TokenOf(node);
        var phase = flat.StageBegin[s.Stage[token]] + s.PhaseOf(node);
        var end = s.End[node] = Math.Max(s.End[node] + flat.Fill[phase], s.Whole[node]);
        Passed[phase]++;
        var first = s.FirstNode(token);
        foreach (var next in flat.Next[phase])
        {
            var waiting = first + next;
            if (end > s.Ready[waiting])
                s.Ready[waiting] = end;
            if (--s.Pending[waiting] == 0)
                events.Push(s.Ready[waiting], EventCode.Of(EventKind.Ready), waiting);
        }

        if (--s.Left[token] == 0)
            flow.FinishStage(token);
    }
}
