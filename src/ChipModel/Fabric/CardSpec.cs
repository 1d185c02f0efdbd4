using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>What surrounds the die: host link and card.</summary>
public sealed record CardSpec
{
    /// <summary>PCI Express generation of the host link.</summary>
    public required int PcieGeneration { get; init; }

    /// <summary>PCI Express lanes.</summary>
    public required int PcieLanes { get; init; }

    /// <summary>Card components beside the die and its regulators, in watts.</summary>
    public required Constant OverheadWatts { get; init; }

    /// <summary>Slots of users that can be in flight.</summary>
    public required int UserSlots { get; init; }

    /// <summary>Longest context per user in tokens.</summary>
    public required int MaximumContext { get; init; }
}
