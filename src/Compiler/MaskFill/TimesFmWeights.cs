using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>The weights of a TimesFM checkpoint.</summary>
/// <param name="checkpoint">Checkpoint.</param>
public sealed class TimesFmWeights(TimesFmCheckpoint checkpoint) : IWeightSource
{
    /// <inheritdoc/>
    public IMatrixRows Rows(MatrixUse matrix) => new TimesFmRows(checkpoint, matrix.Tensor);

    /// <inheritdoc/>
    public float[] Vector(string name, int count)
    {
        var values = new float[count];
        checkpoint.Read(name, 0, values);
        return values;
    }
}
