namespace TaalasSim.ChipModel.Evaluation;

/// <summary>How a figure came about: formula, inputs between, and every constant that moves it, with sources, widest swing first.</summary>
/// <param name="Name">Key of the figure.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Formula">Formula in the words of the inputs.</param>
/// <param name="Value">Best estimate.</param>
/// <param name="Inputs">Figures and intermediate results that the formula uses.</param>
/// <param name="Constants">Constants, with the figure at either end of each.</param>
/// <param name="Basis">Whether the model was fitted on the figure; null for fields that are given.</param>
public sealed record Explanation(
    string Name,
    string Unit,
    string Formula,
    double Value,
    IReadOnlyList<(string Name, double Value, string Unit)> Inputs,
    IReadOnlyList<Sensitivity> Constants,
    FigureBasis? Basis = null
)
{
    /// <summary>Explanations of the published chip's behaviour in service that the interval mixes, with the figure under each; empty for
    /// most.</summary>
    public IReadOnlyList<HypothesisEffect> Hypotheses { get; init; } = [];
}
