using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>How busy a resource was.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="BusyCycles">Cycles taken by tokens.</param>
/// <param name="Utilisation">Busy cycles over the cycles of the run, 0…1.</param>
public readonly record struct ResourceUse(Resource Resource, long BusyCycles, double Utilisation);
