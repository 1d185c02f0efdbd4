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
