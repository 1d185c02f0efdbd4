using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>The rows of a tensor that is written, each made when it is asked for: of a source tensor as they are, permuted, cut or
/// stacked.</summary>
/// <param name="shape">Sizes, the outermost first.</param>
/// <param name="read">Reads a row, counted over all sizes but the last. Called from several threads.</param>
/// <param name="half">Whether the values come from binary16, in which the converter also calculates.</param>
internal sealed class TensorRows(IReadOnlyList<long> shape, TensorRows.RowReader read, bool half)
{
    /// <summary>Reads one row.</summary>
    public delegate void RowReader(long row, Span<float> values);

    /// <summary>Sizes, the outermost first.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>Values of a row; 1 without dimensions.</summary>
    public long RowLength => shape.Count > 0 ? shape[^1] : 1;

    /// <summary>Number of rows.</summary>
    public long Rows => shape.SkipLast(1).Aggregate(1L, (product, n) => product * n);

    /// <summary>Reads a row.</summary>
    public void Read(long row, Span<float> values) => read(row, values);

    /// <summary>A tensor as it is.</summary>
    public static TensorRows Of(SafetensorsTensor tensor)
    {
        var width = tensor.Shape.Count > 0 ? tensor.Shape[^1] : 1;
        return new(tensor.Shape, (row, values) => tensor.Decode(row * width, values), tensor.Type.Name == "F16");
    }

    /// <summary>A vector of given values.</summary>
    public static TensorRows Of(float[] values) => new([values.Length], (_, row) => values.CopyTo(row), half: false);

    /// <summary>Tensors of one shape as one with a further outermost size.</summary>
    public static TensorRows Stack(IReadOnlyList<TensorRows> parts)
    {
        var rows = parts[0].Rows;
        return new([parts.Count, .. parts[0].Shape], (row, values) => parts[(int)(row / rows)].Read(row % rows, values), parts[0].IsHalf);
    }

    /// <summary>Rows of each head from the order (half, pair) to (pair, half), as rotary embedding of neighbouring pairs needs it; of a
    /// vector its values.</summary>
    public TensorRows PairHalves(long heads)
    {
        var size = shape[0] / heads;
        long Source(long at) => (at / size * size) + (at % 2 * (size / 2)) + (at % size / 2);
        if (shape.Count > 1)
            return Select(shape, Source);
        return new(
            shape,
            (_, values) =>
            {
                var before = new float[values.Length];
                read(0, before);
                for (var i = 0; i < values.Length; i++)
                    values[i] = before[Source(i)];
            },
            half
        );
    }

    /// <summary>Every value plus one; in binary16 where the source is.</summary>
    public TensorRows PlusOne() =>
        new(
            shape,
            (row, values) =>
            {
                read(row, values);
                for (var i = 0; i < values.Length; i++)
                    values[i] = half ? (float)((Half)values[i] + Half.One) : values[i] + 1;
            },
            half
        );

    /// <summary>Each value times a factor of its block: <c>factors[row / blockRows, column / blockColumns]</c>, in binary32.</summary>
    public TensorRows Scaled(TensorRows factors, long blockRows, long blockColumns) =>
        new(
            shape,
            (row, values) =>
            {
                read(row, values);
                var scales = new float[factors.RowLength];
                factors.Read(factors.Shape.Count > 1 ? row / blockRows : 0, scales);
                for (var i = 0; i < values.Length; i++)
                    values[i] *= scales[i / blockColumns];
            },
            half: false
        );

    /// <summary>The first rows.</summary>
    public TensorRows First(long rows) => rows >= shape[0] ? this : Select([rows, .. shape.Skip(1)], row => row);

    /// <summary>Of the last size but one, a part.</summary>
    public TensorRows Part(long from, long count)
    {
        var all = shape[^2];
        return Select([.. shape.SkipLast(2), count, shape[^1]], row => (row / count * all) + from + (row % count));
    }

    /// <summary>Of the last size but one, every second row.</summary>
    public TensorRows EveryOther(int first)
    {
        var (all, count) = (shape[^2], shape[^2] / 2);
        return Select([.. shape.SkipLast(2), count, shape[^1]], row => (row / count * all) + (row % count * 2) + first);
    }

    /// <summary>Of each row, every second value.</summary>
    public TensorRows EveryOtherValue(int first) =>
        new(
            [.. shape.SkipLast(1), shape[^1] / 2],
            (row, values) =>
            {
                var before = new float[shape[^1]];
                read(row, before);
                for (var i = 0; i < values.Length; i++)
                    values[i] = before[(2 * i) + first];
            },
            half
        );

    /// <summary>The last two sizes exchanged. Each row is gathered from a column, so a whole matrix is held while its rows are
    /// read.</summary>
    public TensorRows Transposed()
    {
        var (high, wide) = (shape[^2], shape[^1]);
        var held = new Lock();
        var (matrix, values) = (-1L, Array.Empty<float>());
        return new(
            [.. shape.SkipLast(2), wide, high],
            (row, target) =>
            {
                float[] source;
                lock (held)
                {
                    if (matrix != row / wide)
                    {
                        matrix = row / wide;
                        values = new float[checked(high * wide)];
                        for (long y = 0; y < high; y++)
                            read((matrix * high) + y, values.AsSpan((int)(y * wide), (int)wide));
                    }

                    source = values;
                }

                for (var y = 0; y < target.Length; y++)
                    target[y] = source[(y * wide) + (row % wide)];
            },
            half
        );
    }

    private bool IsHalf => half;

    private TensorRows Select(IReadOnlyList<long> sizes, Func<long, long> source) =>
        new(sizes, (row, values) => read(source(row), values), half);
}
