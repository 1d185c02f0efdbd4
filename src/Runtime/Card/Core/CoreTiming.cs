namespace TaalasSim.Runtime.Card.Core;

/// <summary>Cost of one call on the chip itself.</summary>
/// <param name="Nanoseconds">From start to result.</param>
/// <param name="InitiationNanoseconds">From start until another context may enter the layer pipeline; at most
/// <paramref name="Nanoseconds"/>.</param>
/// <param name="Joules">Energy drawn above idle.</param>
public readonly record struct CoreTiming(double Nanoseconds, double InitiationNanoseconds, double Joules);
