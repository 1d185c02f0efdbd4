using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Parts of the die that do not scale with the model.</summary>
public sealed record PeripheryConstants
{
    /// <summary>One PCI Express lane with its share of the controller, mm².</summary>
    [FieldRange(0, 100, "mm2")]
    public required Constant PcieLaneMm2 { get; init; }

    /// <summary>Pad ring, seal ring, clock and power management, test: width of the frame around the core, mm.</summary>
    [FieldRange(0, 50, "mm")]
    public required Constant FrameMm { get; init; }

    /// <summary>Network routers and links over the area of the tiles they serve, fraction.</summary>
    [FieldRange(0, 10, "fraction")]
    public required Constant NetworkFraction { get; init; }

    /// <summary>Die-to-die bandwidth of one millimetre of die edge, GB/s.</summary>
    [FieldRange(0.001, 1e6, "GB/s/mm")]
    public required Constant DieEdgeGbPerSecondMm { get; init; }
}
