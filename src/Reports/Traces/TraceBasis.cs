namespace TaalasSim.Reports.Traces;

/// <summary>What the figures of a system rest on.</summary>
/// <param name="System">Its name.</param>
/// <param name="Sentences">A sentence each.</param>
public sealed record TraceBasis(string System, IReadOnlyList<string> Sentences);
