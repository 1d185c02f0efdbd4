namespace TaalasSim.ChipModel.Timing;

/// <summary>What one region offers.</summary>
/// <param name="Lanes">Vector elements per cycle.</param>
/// <param name="KvBitsPerCycle">KV SRAM bits per cycle.</param>
/// <param name="LinkBitsPerCycle">Network bits per cycle to and from the lanes.</param>
/// <param name="SideTiles">Side of the region in tiles: the way to the next region.</param>
internal readonly record struct StageRegion(double Lanes, double KvBitsPerCycle, double LinkBitsPerCycle, double SideTiles);
