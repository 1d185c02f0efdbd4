using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>HBM stacks beside every die, for keys and values that the SRAM cannot hold: the optional section <c>hbm</c> of a
/// fabric.</summary>
public sealed record HbmSpec
{
    /// <summary>Stacks of one die.</summary>
    public required int StacksPerDie { get; init; }

    /// <summary>Capacity of one stack, decimal GB.</summary>
    public required Constant GbPerStack { get; init; }

    /// <summary>Bandwidth of one stack, decimal GB/s.</summary>
    public required Constant GbPerSecondPerStack { get; init; }

    /// <summary>From request to first data, ns.</summary>
    public required Constant LatencyNs { get; init; }

    /// <summary>Interface and controller of one stack on the die, mm².</summary>
    public required Constant PhyMm2 { get; init; }

    /// <summary>Device, interface and controller, pJ per bit.</summary>
    public required Constant PjPerBit { get; init; }

    /// <summary>Refresh and idle interface of one stack, W.</summary>
    public required Constant IdleWattsPerStack { get; init; }

    /// <summary>One stack, USD.</summary>
    public required Constant StackUsd { get; init; }

    /// <summary>Interposer and its assembly for one die with its stacks, beyond the organic package, USD.</summary>
    public required Constant InterposerUsd { get; init; }
}
