using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Rtl;

/// <summary>One unit at work.</summary>
/// <param name="Unit">Unit of the schedule.</param>
/// <param name="Stage">Stage of the schedule: 0 the embedding, then the layers, then the output.</param>
/// <param name="Phase">Phase of the schedule.</param>
/// <param name="From">First cycle.</param>
/// <param name="To">Cycle behind the last.</param>
public sealed record RtlSpan(FabricUnit Unit, int Stage, string Phase, long From, long To);
