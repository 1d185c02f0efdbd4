namespace TaalasSim.Runtime.Engine;

/// <summary>What one pass costs on the chip itself, without the link to the host.</summary>
/// <param name="Nanoseconds">From start to result.</param>
/// <param name="InitiationNanoseconds">From start until another context may enter the layer pipeline; at most
/// <paramref name="Nanoseconds"/>.</param>
/// <param name="Joules">Energy above idle.</param>
/// <param name="Cycles">Structural cycles from start to result: what schedule, trace and Verilog count.</param>
public readonly record struct PassCost(double Nanoseconds, double InitiationNanoseconds, double Joules, double Cycles = 0);
