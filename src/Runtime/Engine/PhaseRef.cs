namespace TaalasSim.Runtime.Engine;

/// <summary>A phase of the schedule.</summary>
/// <param name="Stage">Index of the stage.</param>
/// <param name="Phase">Index of the phase in its stage.</param>
public readonly record struct PhaseRef(int Stage, int Phase);
