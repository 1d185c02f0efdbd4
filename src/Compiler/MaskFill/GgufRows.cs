using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>The rows of a tensor of a GGUF model, with the adapters that are merged into it.</summary>
/// <param name="model">Model.</param>
/// <param name="tensor">Tensor.</param>
internal sealed class GgufRows(ImportedModel model, GgufTensor tensor) : IMatrixRows
{
    /// <inheritdoc/>
    public string Place => $"{tensor.FilePath}: tensor {tensor.Name}";

    /// <inheritdoc/>
    public bool IsMerged { get; } = model.IsMerged(tensor.Name);

    /// <inheritdoc/>
    public CodeFormat? Type => tensor.Type;

    /// <inheritdoc/>
    public void Decode(long row, Span<float> weights) => model.DecodeRow(tensor, row, weights);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Stored(long row) => tensor.Row(row);
}
