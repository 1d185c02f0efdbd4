using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Activity;

/// <summary>What one kind of unit did during a run.</summary>
/// <param name="Unit">Kind of unit.</param>
/// <param name="FixedItems">Items whatever the context, as the unit counts them: rows, elements, bits or logits.</param>
/// <param name="ContextItems">Items for attended positions.</param>
/// <param name="Bits">Bits moved.</param>
/// <param name="BusyCycles">Cycles taken, summed over all resources of the kind.</param>
/// <param name="Utilisation">Busy part of the busiest resource of the kind, 0…1.</param>
public readonly record struct UnitActivity(
    FabricUnit Unit,
    double FixedItems,
    double ContextItems,
    double Bits,
    long BusyCycles,
    double Utilisation
)
{
    /// <summary>All items.</summary>
    public double Items => FixedItems + ContextItems;
}
