using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>Interval of a figure and the constants it depends on most.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Interval">Best estimate with the 5 % and 95 % points of the draws.</param>
/// <param name="Tornado">Constants, widest swing first.</param>
/// <param name="Basis">Whether the model was fitted on it.</param>
public sealed record FigureUncertainty(
    FigureDefinition Figure,
    UncertaintyRange Interval,
    IReadOnlyList<Sensitivity> Tornado,
    FigureBasis Basis
);
