namespace TaalasSim.Training.Numerics;

/// <summary>A view of numbers as a matrix: element (r, c) lies at <c>r · RowStride + c · ColumnStride</c>.</summary>
public readonly ref struct Matrix<T>
{
    /// <summary>A view of rows that lie <paramref name="rowStride"/> apart, their elements side by side.</summary>
    public Matrix(Span<T> data, int rows, int columns, int rowStride)
        : this(data, rows, columns, rowStride, 1) { }

    /// <summary>A view of rows that follow each other without gaps.</summary>
    public Matrix(Span<T> data, int rows, int columns)
        : this(data, rows, columns, columns, 1) { }

    private Matrix(Span<T> data, int rows, int columns, int rowStride, int columnStride)
    {
        if (rows > 0 && columns > 0)
            ArgumentOutOfRangeException.ThrowIfLessThan(data.Length, ((rows - 1) * rowStride) + ((columns - 1) * columnStride) + 1);
        Data = data;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>The numbers behind the view.</summary>
    public Span<T> Data { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Distance between elements of one column, in elements.</summary>
    public int RowStride { get; }

    /// <summary>Distance between elements of one row, in elements.</summary>
    public int ColumnStride { get; }

    /// <summary>The same numbers with rows and columns exchanged.</summary>
    public Matrix<T> Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);
}
