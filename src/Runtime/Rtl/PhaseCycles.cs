using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Rtl;

/// <summary>Cycles of a phase over all answer tokens and stages.</summary>
/// <param name="Phase">Name in the schedule.</param>
/// <param name="Unit">Unit that does the work.</param>
/// <param name="Events">Times that the Verilog did it.</param>
/// <param name="Engine">Cycles by the event engine; 0 when the schedule does not have it.</param>
/// <param name="Rtl">Cycles of the Verilog.</param>
/// <param name="Reason">Why they differ; empty when they do not.</param>
public sealed record PhaseCycles(string Phase, FabricUnit Unit, int Events, long Engine, long Rtl, string Reason);
