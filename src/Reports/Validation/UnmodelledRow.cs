namespace TaalasSim.Reports.Validation;

/// <summary>A known figure without a prediction, and why.</summary>
/// <param name="Suite">Suite.</param>
/// <param name="Id">Identifier.</param>
/// <param name="Reason">What the row lacks or the model does not describe.</param>
public sealed record UnmodelledRow(string Suite, string Id, string Reason);
