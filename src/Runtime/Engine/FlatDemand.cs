using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>A demand with its resources numbered.</summary>
internal readonly struct FlatDemand
{
    public required Demand Source { get; init; }

    /// <summary>First entry in <see cref="FlatSchedule.Pool"/>.</summary>
    public required int Pool { get; init; }

    /// <summary>How many experts' entries a token takes; 0: the one entry, always.</summary>
    public required int Used { get; init; }

    public required byte Unit { get; init; }

    /// <summary>Cycles whatever the context; −1 when they depend on it.</summary>
    public required long FixedCycles { get; init; }
}
