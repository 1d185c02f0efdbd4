using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// One tensor of an open <see cref="GgufFile"/>. Its bytes stay in the mapped file; they may exceed 2 GiB, so spans cover one row at a
/// time.
/// </summary>
public sealed unsafe class GgufTensor
{
    private readonly MappedFile _file;

    internal GgufTensor(MappedFile file, string name, CodeFormat type, long[] dimensions, long bytes, long offset)
    {
        _file = file;
        Name = name;
        Type = type;
        Dimensions = dimensions;
        Bytes = bytes;
        Offset = offset;
        RowLength = Dimension(0);
        Rows = RowLength == 0 ? 0 : dimensions.Skip(1).Aggregate(1L, (product, n) => product * n);
        RowBytes = type.BytesOf(RowLength);
    }

    /// <summary>Name as stored, e.g. <c>blk.0.attn_q.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Format that its rows are stored in.</summary>
    public CodeFormat Type { get; }

    /// <summary>0 to 4 sizes in ggml's order: the first is the row length, so a matrix of <c>out</c> rows by <c>in</c> columns is {in,
    /// out}.</summary>
    public IReadOnlyList<long> Dimensions { get; }

    /// <summary>Bytes of the whole tensor, without padding.</summary>
    public long Bytes { get; }

    /// <summary>First byte of the tensor, counted from the start of the file (of a split model: of the shard) that holds it.</summary>
    public long Offset { get; }

    /// <summary>Path of the file that holds the tensor.</summary>
    public string FilePath => _file.Path;

    /// <summary>Values in a row; 1 for a tensor without dimensions.</summary>
    public long RowLength { get; }

    /// <summary>Product of all dimensions but the first.</summary>
    public long Rows { get; }

    /// <summary>Bytes of one row; rows never share blocks.</summary>
    public long RowBytes { get; }

    /// <summary>Values in the tensor.</summary>
    public long Elements => RowLength * Rows;

    /// <summary>Address of the first byte, for kernels; good until the file is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public byte* Data => _file.Start + Offset;

    /// <summary>Size along one axis; 1 beyond the stored dimensions.</summary>
    public long Dimension(int axis) => axis < Dimensions.Count ? Dimensions[axis] : 1;

    /// <summary>The bytes of one row, counted over all dimensions but the first; good until the file is disposed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InputException">A row exceeds 2 GiB.</exception>
    public ReadOnlySpan<byte> Row(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        if (RowBytes > int.MaxValue)
            throw new InputException(
                $"{FilePath}: byte {Offset}: tensor {GgufFaults.Quote(Name)} has rows of {RowBytes} bytes; rows up to 2 GiB can be read"
            );
        return new ReadOnlySpan<byte>(Data + (row * RowBytes), (int)RowBytes);
    }

    /// <summary>Decodes one row to <see cref="RowLength"/> floats.</summary>
    /// <inheritdoc cref="Row"/>
    public void DecodeRow(long row, Span<float> values) => Type.Decode(Row(row), values);

    /// <summary>Name, type and sizes, e.g. <c>blk.0.attn_q.weight Q4_K {4096, 4096}</c>.</summary>
    public override string ToString() => $"{Name} {Type} {{{string.Join(", ", Dimensions)}}}";
}
