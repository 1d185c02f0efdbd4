namespace TaalasSim.ChipModel.Evaluation;

/// <summary>What a figure is if one explanation of a published chip's behaviour in service holds and all else is as the structure
/// says.</summary>
/// <param name="Name">Name of the explanation.</param>
/// <param name="Weight">Belief in it, 0…1; those of one list add up to 1.</param>
/// <param name="Value">The figure under it, in the figure's unit.</param>
/// <param name="Statement">What it says and what speaks for it.</param>
public sealed record HypothesisEffect(string Name, double Weight, double Value, string Statement);
