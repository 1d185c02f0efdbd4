namespace TaalasSim.Reports.Sweeps;

/// <summary>The rows of a query.</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">Values by row and column; null for none.</param>
public sealed record SweepAnswer(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
