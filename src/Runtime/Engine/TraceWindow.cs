namespace TaalasSim.Runtime.Engine;

/// <summary>Which part of a run to keep for a trace.</summary>
/// <param name="FromCycle">First cycle.</param>
/// <param name="ToCycle">Cycle after the last.</param>
/// <param name="MaximumSlices">Most slices kept, in order of time; 56 bytes each.</param>
public readonly record struct TraceWindow(long FromCycle, long ToCycle, int MaximumSlices = 1_000_000);
