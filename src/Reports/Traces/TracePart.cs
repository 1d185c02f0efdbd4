namespace TaalasSim.Reports.Traces;

/// <summary>Use of a part of a system.</summary>
/// <param name="Name">The chip, or the GPUs.</param>
/// <param name="Utilisation">Share of the time with at least one request in service, 0…1.</param>
public sealed record TracePart(string Name, double Utilisation);
