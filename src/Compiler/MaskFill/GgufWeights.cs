using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>The weights of a GGUF model.</summary>
/// <param name="model">Model.</param>
public sealed class GgufWeights(ImportedModel model) : IWeightSource
{
    /// <inheritdoc/>
    public IMatrixRows Rows(MatrixUse matrix) => new GgufRows(model, model.Tensor(matrix.Tensor));

    /// <inheritdoc/>
    public float[] Vector(string name, int count)
    {
        var tensor = model.Tensor(name);
        var values = new float[count];
        var width = (int)tensor.RowLength;
        for (var r = 0; r < tensor.Rows; r++)
            tensor.Type.Decode(tensor.Row(r), values.AsSpan(r * width, width));
        return PortFill.AllFinite(values)
            ? values
            : throw new InputException($"{tensor.FilePath}: tensor {tensor.Name} holds a value that is not finite");
    }
}
