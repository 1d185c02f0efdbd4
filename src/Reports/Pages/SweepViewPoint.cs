using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>A point of a sweep that fits.</summary>
/// <param name="Values">Values of the varied fields.</param>
/// <param name="Figures">Figures in the order of the columns; null where there is none.</param>
/// <param name="OnFront">Whether it is on the Pareto front.</param>
/// <param name="Chosen">Whether it is the chosen point.</param>
public sealed record SweepViewPoint(IReadOnlyList<string> Values, IReadOnlyList<UncertaintyRange?> Figures, bool OnFront, bool Chosen);
