using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Conversion;

/// <summary>A tensor of the file that is made.</summary>
/// <param name="Name">Name in GGUF.</param>
/// <param name="Shape">Sizes, the outermost first.</param>
/// <param name="Source">Name of the tensor that it comes from, for messages.</param>
/// <param name="Rows">Its values; null when <see cref="Block"/> gives stored bytes.</param>
internal sealed record ConvertedTensor(string Name, IReadOnlyList<long> Shape, string Source, TensorRows? Rows)
{
    /// <summary>Copies the stored bytes of one row.</summary>
    public delegate void BlockReader(long row, Span<byte> bytes);

    /// <summary>Type whose bytes <see cref="Block"/> gives.</summary>
    public CodeFormat? BlockType { get; init; }

    /// <summary>Gives the stored bytes of a row.</summary>
    public BlockReader? Block { get; init; }

    /// <summary>Whether it is stored as F32 whatever the file's type is.</summary>
    public bool AlwaysF32 { get; init; }

    /// <summary>A tensor of values.</summary>
    public static ConvertedTensor Of(string name, string source, TensorRows rows) => new(name, rows.Shape, source, rows);

    /// <summary>Sizes in ggml's order, the row length first.</summary>
    public long[] Dimensions => [.. Shape.Reverse()];

    /// <summary>Number of values.</summary>
    public long Elements => Shape.Aggregate(1L, (product, n) => product * n);
}
