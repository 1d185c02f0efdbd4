namespace TaalasSim.Reports.Traces;

/// <summary>What one part of a system did for a trace.</summary>
/// <param name="BusySeconds">Time with at least one request in service.</param>
/// <param name="WorkJoules">Energy of the work, beyond what the part draws without work.</param>
internal readonly record struct ServedPart(double BusySeconds, double WorkJoules);
