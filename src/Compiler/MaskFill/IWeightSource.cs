using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>Where the weights layer takes its numbers from.</summary>
public interface IWeightSource
{
    /// <summary>Rows of a matrix.</summary>
    IMatrixRows Rows(MatrixUse matrix);

    /// <summary>Values of a vector.</summary>
    /// <exception cref="ChipModel.Files.InputException">A value is not finite.</exception>
    float[] Vector(string name, int count);
}
