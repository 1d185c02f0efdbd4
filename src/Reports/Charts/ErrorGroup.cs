namespace TaalasSim.Reports.Charts;

/// <summary>Errors of one group.</summary>
/// <param name="Name">Group in words.</param>
/// <param name="Errors">Predicted over measured less one: 0.1 is ten per cent too high.</param>
public sealed record ErrorGroup(string Name, IReadOnlyList<double> Errors);
