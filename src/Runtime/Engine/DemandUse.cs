using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>What one demand of one phase moved during a run.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Demand">The demand.</param>
/// <param name="Tokens">Tokens that passed the phase.</param>
/// <param name="FixedItems">Items whatever the context, over all used alternatives.</param>
/// <param name="ContextItems">Items for attended positions.</param>
public readonly record struct DemandUse(PhaseRef Phase, Demand Demand, long Tokens, double FixedItems, double ContextItems)
{
    /// <summary>Bits moved.</summary>
    public double Bits => (FixedItems + ContextItems) * Demand.BitsPerItem;
}
