namespace TaalasSim.ChipModel.Timing;

/// <summary>One contended part of the chip: a second slot waits until the first has left it.</summary>
/// <param name="Unit">Kind of resource.</param>
/// <param name="Index">Which one of its kind; see <see cref="FabricUnit"/>.</param>
public readonly record struct Resource(FabricUnit Unit, int Index);
