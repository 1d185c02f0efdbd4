namespace TaalasSim.Reports.Pages;

/// <summary>Whether the chip still says what its model says.</summary>
/// <param name="Measured">Measured figures; empty when there are none.</param>
/// <param name="Missing">What was not measured and the command that does; empty when all was.</param>
public sealed record QualityFacts(IReadOnlyList<Fact> Measured, string Missing);
