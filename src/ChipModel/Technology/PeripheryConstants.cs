namespace TaalasSim.ChipModel.Technology;

/// <summary>Parts of the die that do not scale with the model.</summary>
public sealed record PeripheryConstants
{
    /// <summary>One PCI Express lane with its share of the controller, mm².</summary>
    public required Constant PcieLaneMm2 { get; init; }

    /// <summary>Pad ring, seal ring, clock and power management, test: width of the frame around the core, mm.</summary>
    public required Constant FrameMm { get; init; }

    /// <summary>Network routers and links over the area of the tiles they serve, fraction.</summary>
    public required Constant NetworkFraction { get; init; }

    /// <summary>Die-to-die bandwidth of one millimetre of die edge, GB/s.</summary>
    public required Constant DieEdgeGbPerSecondMm { get; init; }
}
