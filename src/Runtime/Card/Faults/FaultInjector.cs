using TaalasSim.Runtime.Card.Link;

namespace TaalasSim.Runtime.Card.Faults;

/// <summary>Holds armed faults and answers, at each opportunity, whether one strikes. A fault strikes once.</summary>
public sealed class FaultInjector(SimulatedClock clock)
{
    private readonly List<Armed> _armed = [];
    private readonly List<FaultSpec> _struck = [];

    private sealed class Armed(FaultSpec spec)
    {
        public FaultSpec Spec { get; } = spec;
        public ulong Seen { get; set; }
    }

    /// <summary>Faults armed and not yet struck.</summary>
    public int Pending => _armed.Count;

    /// <summary>Faults that have struck, in order.</summary>
    public IReadOnlyList<FaultSpec> Struck => _struck;

    /// <summary>Arms a fault.</summary>
    public void Arm(FaultSpec spec) => _armed.Add(new Armed(spec));

    /// <summary>Counts one opportunity for <paramref name="kind"/> and returns the fault that strikes, if any.</summary>
    internal FaultSpec? Strike(FaultKind kind, ushort cid)
    {
        if (_armed.Count == 0)
            return null;
        FaultSpec? hit = null;
        foreach (var armed in _armed)
        {
            if (armed.Spec.Kind != kind)
                continue;
            var strikes = armed.Spec.Trigger switch
            {
                FaultTrigger.Cid => armed.Spec.Value == cid,
                FaultTrigger.Time => (ulong)clock.Now >= armed.Spec.Value,
                _ => armed.Seen++ == armed.Spec.Value,
            };
            if (strikes)
                hit ??= armed.Spec;
        }
        if (hit is not null)
        {
            _armed.RemoveAt(_armed.FindIndex(a => ReferenceEquals(a.Spec, hit)));
            _struck.Add(hit);
        }
        return hit;
    }

    /// <summary>A number in 0 … <paramref name="count"/>−1 that depends on the seed alone (SplitMix64, Steele et al. 2014).</summary>
    internal static int Choose(ulong seed, int count)
    {
        var z = seed + 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((z ^ z >> 31) % (ulong)count);
    }
}
