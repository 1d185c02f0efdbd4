namespace TaalasSim.Runtime.Engine;

/// <summary>One line of the critical path: a phase over all stages and answer tokens.</summary>
/// <param name="Part">Name of the phase.</param>
/// <param name="Cycles">Cycles that tokens spent in it, waiting included.</param>
/// <param name="Share">Part of all cycles, 0…1; shares of all rows add up to 1.</param>
/// <param name="LimitedBy">What most of those cycles were spent on.</param>
public readonly record struct CriticalPathRow(string Part, long Cycles, double Share, PathPart LimitedBy);
