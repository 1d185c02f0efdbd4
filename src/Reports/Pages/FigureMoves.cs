using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;

namespace TaalasSim.Reports.Pages;

/// <summary>What moves a figure most.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Best">Its best estimate.</param>
/// <param name="Constants">Constants, widest swing first.</param>
/// <param name="Hypotheses">Explanations of a published chip's behaviour that its interval mixes; empty for none.</param>
public sealed record FigureMoves(
    FigureDefinition Figure,
    double Best,
    IReadOnlyList<Sensitivity> Constants,
    IReadOnlyList<HypothesisEffect> Hypotheses
);
