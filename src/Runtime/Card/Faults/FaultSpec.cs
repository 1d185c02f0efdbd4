namespace TaalasSim.Runtime.Card.Faults;

/// <summary>A fault to inject once.</summary>
public sealed record FaultSpec
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>When it strikes.</summary>
    public FaultTrigger Trigger { get; init; }

    /// <summary>Count, cid or ns, by trigger.</summary>
    public ulong Value { get; init; }

    /// <summary>Chooses among equals, e.g. which bit flips.</summary>
    public ulong Seed { get; init; }

    /// <summary>Meaning by kind.</summary>
    public uint Argument { get; init; }
}
