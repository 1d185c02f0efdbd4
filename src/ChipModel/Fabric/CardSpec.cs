using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>What surrounds the die: host link and card.</summary>
public sealed record CardSpec
{
    /// <summary>PCI Express generation of the host link.</summary>
    [FieldRange(1, 8, "1")]
    public required int PcieGeneration { get; init; }

    /// <summary>PCI Express lanes.</summary>
    [FieldRange(1, 32, "lanes")]
    public required int PcieLanes { get; init; }

    /// <summary>Card components beside the die and its regulators, in watts.</summary>
    [FieldRange(0, 10_000, "W")]
    public required Constant OverheadWatts { get; init; }

    /// <summary>Slots of users that can be in flight.</summary>
    [FieldRange(1, 1 << 20, "users")]
    public required int UserSlots { get; init; }

    /// <summary>Longest context per user in tokens.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public required int MaximumContext { get; init; }
}
