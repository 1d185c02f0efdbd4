namespace TaalasSim.Reports.Sweeps;

/// <summary>A column of numbers.</summary>
/// <param name="Name">Snake case, with its unit.</param>
/// <param name="Of">Its value in a row, null where there is none.</param>
public sealed record SweepColumn(string Name, Func<SweepFigures, double?> Of);
