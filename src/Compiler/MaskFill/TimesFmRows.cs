using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>The rows of a matrix of a TimesFM checkpoint; every format is encoded from its floats.</summary>
/// <param name="checkpoint">Checkpoint.</param>
/// <param name="name">Name of the matrix.</param>
internal sealed class TimesFmRows(TimesFmCheckpoint checkpoint, string name) : IMatrixRows
{
    /// <inheritdoc/>
    public string Place => $"{checkpoint.Path}: tensor {name}";

    /// <inheritdoc/>
    public bool IsMerged => false;

    /// <inheritdoc/>
    public CodeFormat? Type => null;

    /// <inheritdoc/>
    public void Decode(long row, Span<float> weights) => checkpoint.Read(name, row * weights.Length, weights);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Stored(long row) => throw new NotSupportedException("rows of a checkpoint have no blocks");
}
