using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>HBM stacks beside every die, for keys and values that the SRAM cannot hold: the optional section <c>hbm</c> of a
/// fabric.</summary>
public sealed record HbmSpec
{
    /// <summary>Stacks of one die.</summary>
    [FieldRange(1, 64, "stacks")]
    public required int StacksPerDie { get; init; }

    /// <summary>Capacity of one stack, decimal GB.</summary>
    [FieldRange(0.001, 10_000, "GB")]
    public required Constant GbPerStack { get; init; }

    /// <summary>Bandwidth of one stack, decimal GB/s.</summary>
    [FieldRange(0.001, 1e5, "GB/s")]
    public required Constant GbPerSecondPerStack { get; init; }

    /// <summary>From request to first data, ns.</summary>
    [FieldRange(0, 1e6, "ns")]
    public required Constant LatencyNs { get; init; }

    /// <summary>Interface and controller of one stack on the die, mm².</summary>
    [FieldRange(0, 1000, "mm2")]
    public required Constant PhyMm2 { get; init; }

    /// <summary>Device, interface and controller, pJ per bit.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant PjPerBit { get; init; }

    /// <summary>Refresh and idle interface of one stack, W.</summary>
    [FieldRange(0, 1000, "W")]
    public required Constant IdleWattsPerStack { get; init; }

    /// <summary>One stack, USD.</summary>
    [FieldRange(0, 1e6, "USD")]
    public required Constant StackUsd { get; init; }

    /// <summary>Interposer and its assembly for one die with its stacks, beyond the organic package, USD.</summary>
    [FieldRange(0, 1e6, "USD")]
    public required Constant InterposerUsd { get; init; }
}
