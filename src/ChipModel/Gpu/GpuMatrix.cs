namespace TaalasSim.ChipModel.Gpu;

/// <summary>One matrix product of a step on one card: <c>m</c> tokens by <c>n × k</c> weights.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="Columns">Outputs <c>n</c> on one card.</param>
/// <param name="Depth">Inputs <c>k</c> on one card.</param>
/// <param name="Count">How many of them a step runs.</param>
/// <param name="Bits">Stored bits per weight.</param>
/// <param name="Output">Whether it is the output matrix, which only sequences that sample multiply.</param>
public readonly record struct GpuMatrix(string Name, double Columns, double Depth, double Count, double Bits, bool Output);
