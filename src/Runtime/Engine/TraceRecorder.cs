namespace TaalasSim.Runtime.Engine;

/// <summary>Keeps the slices of a run that lie in a window.</summary>
internal sealed class TraceRecorder(TraceWindow window, TokenTable tokens)
{
    private readonly List<TraceSlice> _slices = [];

    /// <summary>Slices that the window's bound left out.</summary>
    public long Dropped { get; private set; }

    /// <summary>Slices kept, in order of start.</summary>
    public IReadOnlyList<TraceSlice> Slices() => [.. _slices.OrderBy(t => t.StartCycle)];

    /// <summary>A resource serves a node from one cycle to another.</summary>
    public void Add(int node, int resource, long start, long end)
    {
        if (start >= window.ToCycle || end <= window.FromCycle)
            return;
        if (_slices.Count >= window.MaximumSlices)
        {
            Dropped++;
            return;
        }

        var token = tokens.TokenOf(node);
        _slices.Add(
            new TraceSlice
            {
                Resource = resource,
                Phase = new PhaseRef(tokens.Stage[token], tokens.PhaseOf(node)),
                Request = tokens.Request[token],
                Position = tokens.Position[token],
                ReadyCycle = tokens.Ready[node],
                StartCycle = start,
                Cycles = end - start,
            }
        );
    }
}
