using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Figures;

/// <summary>The figures of a design point with the intermediate results behind them. Made for derivations; an evaluation alone keeps none
/// of
/// them.</summary>
public sealed record EvaluationDetails
{
    /// <summary>The figures.</summary>
    public required ChipFigures Figures { get; init; }

    /// <summary>One die by part.</summary>
    public required AreaBreakdown Area { get; init; }

    /// <summary>All cards under load by part.</summary>
    public required PowerBreakdown Power { get; init; }

    /// <summary>Phases of the chip.</summary>
    public required TokenSchedule Schedule { get; init; }

    /// <summary>The fixed part of the chip.</summary>
    public required FabricSpec Fabric { get; init; }

    /// <summary>Cycles that a real chip takes over the structural ones.</summary>
    public required double LatencyFactor { get; init; }

    /// <summary>Supply of the dies, V.</summary>
    public required double SupplyVolts { get; init; }

    /// <summary>Sizes of a model of patches; null for other models.</summary>
    public PatchShape? Patches { get; init; }

    /// <summary>Lengths and users.</summary>
    public required ServiceShape Service { get; init; }

    /// <summary>Keys and values of one user at the end of a request, bytes.</summary>
    public required double KvBytesPerUser { get; init; }
}
