namespace TaalasSim.ChipModel.Timing;

/// <summary>When a slot comes through a phase, in cycles after its entry into the chip.</summary>
/// <param name="Stage">Index of the stage.</param>
/// <param name="Phase">Index of the phase in its stage.</param>
/// <param name="Ready">Cycle from which it asks for its units.</param>
/// <param name="End">Cycle at which it has ended.</param>
/// <param name="Waited">Cycles in which other slots had the units.</param>
public readonly record struct TimetableRow(int Stage, int Phase, long Ready, long End, long Waited);
