using TaalasSim.ChipModel.Quantities;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>What a figure becomes when one constant goes to the ends of its interval and all else stays.</summary>
/// <param name="Path">The constant's path.</param>
/// <param name="Constant">The constant.</param>
/// <param name="AtLow">The figure at the constant's low end.</param>
/// <param name="AtHigh">The figure at its high end.</param>
public sealed record Sensitivity(string Path, Constant Constant, double AtLow, double AtHigh)
{
    /// <summary>Width of the swing.</summary>
    public double Swing => Math.Abs(AtHigh - AtLow);
}

/// <summary>Interval of a figure and the constants it depends on most, widest swing first.</summary>
public sealed record FieldUncertainty(ChipField Field, Interval Interval, IReadOnlyList<Sensitivity> Tornado);

/// <summary>How a figure came about: formula, inputs between, and every constant that moves it, with sources, widest swing first.</summary>
/// <param name="Name">Key of the figure.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Formula">Formula in the words of the inputs.</param>
/// <param name="Value">Best estimate.</param>
/// <param name="Inputs">Figures that the formula names.</param>
/// <param name="Constants">Constants, with the figure at either end of each.</param>
public sealed record Explanation(string Name, string Unit, string Formula, double Value, IReadOnlyList<(string Name, double Value, string Unit)> Inputs, IReadOnlyList<Sensitivity> Constants);
