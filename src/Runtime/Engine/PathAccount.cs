using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Where the cycles of answer tokens go, by token and by name of phase.</summary>
internal sealed class PathAccount(FlatSchedule flat, TokenTable tokens)
{
    private readonly long[] _path = new long[flat.Names.Length * PathPart.Count];

    /// <summary>Adds cycles of a token that it spent in a phase of that name.</summary>
    public void Add(int token, int name, PathPart part, long cycles)
    {
        tokens.Parts[(token * PathPart.Count) + part.Index] += cycles;
        _path[(name * PathPart.Count) + part.Index] += cycles;
    }

    /// <summary>Adds a stage that a token has ended: the longest way back through its phases from the one that ended last.</summary>
    public void AddStage(int token, int stage, int last)
    {
        var s = tokens;
        var (first, begin) = (s.FirstNode(token), flat.StageBegin[stage]);
        while (true)
        {
            var (node, phase) = (first + last, begin + last);
            var name = flat.Name[phase];
            var cycles = s.End[node] - s.Ready[node];
            var waited = Math.Max(0, cycles - flat.Fill[phase] - s.Worked[node]);
            Add(token, name, new PathPart(PathPartKind.Working, (FabricUnit)s.Binding[node]), s.Worked[node]);
            Add(token, name, new PathPart(PathPartKind.Filling, (FabricUnit)flat.Unit[phase]), cycles - s.Worked[node] - waited);
            Add(token, name, new PathPart(PathPartKind.Waiting, (FabricUnit)s.Binding[node]), waited);
            var after = flat.After[phase];
            if (after.Length == 0)
                return;
            last = after[0];
            for (var a = 1; a < after.Length; a++)
                if (s.End[first + after[a]] > s.End[first + last])
                    last = after[a];
        }
    }

    /// <summary>Phases by name, with what limited each.</summary>
    public IReadOnlyList<CriticalPathRow> Rows()
    {
        var all = (double)Math.Max(1, _path.Sum());
        var rows = new List<CriticalPathRow>();
        for (var name = 0; name < flat.Names.Length; name++)
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

            rows.Add(new CriticalPathRow(flat.Names[name], sum, sum / all, PathPart.At(most)));
        }

        return rows;
    }
}
