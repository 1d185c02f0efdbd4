namespace TaalasSim.ChipModel.Gpu;

/// <summary>One row of a step's kernel table.</summary>
/// <param name="Name">Kernel by its work, e.g. <c>attention output</c>.</param>
/// <param name="Shape">Its sizes, e.g. <c>8 x 4096 x 4096</c>.</param>
/// <param name="Count">Times per step.</param>
/// <param name="Microseconds">All of them together, µs.</param>
/// <param name="Bound">What bounds it: memory, matrix units, start, link or host.</param>
public sealed record GpuKernel(string Name, string Shape, double Count, double Microseconds, string Bound);
