namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// One step of a token through a stage. When every phase in <see cref="After"/> has ended, it takes each of its resources, as soon as that
/// is free, for
/// <see cref="Demand.Cycles"/>, and ends <see cref="FillCycles"/> after the last of them.
/// </summary>
public sealed record Phase
{
    // Arrays beside the read-only views: closed forms walk them millions of times in a sweep.
    private readonly int[] _after = [];
    private readonly Demand[] _demands = [];

    /// <summary>Name, unique in its stage, e.g. <c>gate_up</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Unit that does the work; the part under which cycles are reported.</summary>
    public required FabricUnit Unit { get; init; }

    /// <summary>Indices of the phases of the same stage that must have ended; empty: the start of the stage.</summary>
    public required IReadOnlyList<int> After
    {
        get => _after;
        init => _after = [.. value];
    }

    /// <summary>Cycles of pipelines, wires and trees that hold up the token but occupy nothing.</summary>
    public required double FillCycles { get; init; }

    /// <summary>Resources taken side by side.</summary>
    public required IReadOnlyList<Demand> Demands
    {
        get => _demands;
        init => _demands = [.. value];
    }

    internal ReadOnlySpan<int> AfterSpan => _after;

    internal ReadOnlySpan<Demand> DemandSpan => _demands;

    /// <summary>Cycles from start to end when nothing is in the way.</summary>
    public double Cycles(double positions)
    {
        var longest = 0.0;
        foreach (var demand in _demands)
            longest = Math.Max(longest, demand.Cycles(positions));
        return FillCycles + longest;
    }
}
