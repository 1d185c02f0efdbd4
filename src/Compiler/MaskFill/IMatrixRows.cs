using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>The rows of one tensor of a model.</summary>
public interface IMatrixRows
{
    /// <summary>File and tensor, for messages.</summary>
    string Place { get; }

    /// <summary>Whether the stored bytes are not the model's weights, because an adapter is merged into them.</summary>
    bool IsMerged { get; }

    /// <summary>Type in which <see cref="Stored"/> gives rows; null when it gives none.</summary>
    CodeFormat? Type { get; }

    /// <summary>The weights of a row.</summary>
    void Decode(long row, Span<float> weights);

    /// <summary>A row as the file has it.</summary>
    ReadOnlySpan<byte> Stored(long row);
}
