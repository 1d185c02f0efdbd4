using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>One measurement and what the model said.</summary>
/// <param name="Group">Group, e.g. card or model.</param>
/// <param name="Measured">Measurement, above 0.</param>
/// <param name="Predicted">Prediction, above 0, with its interval.</param>
public sealed record ParityPoint(string Group, double Measured, UncertaintyRange Predicted);
