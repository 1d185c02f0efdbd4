using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Training.Numerics;

/// <summary>
/// Matrix product in tiles of eight rows by two vectors, which keep sixteen sums in registers. Each element's sum runs along the inner
/// dimension in order, in blocks of <see cref="DepthBlock"/>, whatever the shape: equal inputs give equal bits.
/// </summary>
public static unsafe class Gemm
{
    private const int TileRows = 8;
    private const int DepthBlock = 256;

    [ThreadStatic]
    private static byte[]? t_panel;

    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="a">M × K.</param>
    /// <param name="b">K × N.</param>
    /// <param name="c">M × N with elements of a row side by side; must not overlap the others.</param>
    /// <param name="accumulate">Whether to add to what C holds.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply<T>(Matrix<T> a, Matrix<T> b, Matrix<T> c, bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (a.Rows != c.Rows || b.Columns != c.Columns || a.Columns != b.Rows || c.ColumnStride != 1)
            throw new ArgumentException($"({a.Rows} × {a.Columns}) · ({b.Rows} × {b.Columns}) does not fill ({c.Rows} × {c.Columns}).");
        var width = 2 * Vector512<T>.Count;
        fixed (byte* panel = t_panel ??= new byte[DepthBlock * 128])
        fixed (
            T* pa = a.Data,
                pc = c.Data
        )
        {
            var packed = (T*)panel;
            for (var depth = 0; depth < a.Columns; depth += DepthBlock)
            {
                var block = Math.Min(DepthBlock, a.Columns - depth);
                for (var column = 0; column < c.Columns; column += width)
                {
                    Pack(b, depth, block, column, width, packed);
                    var isFirst = depth == 0 && !accumulate;
                    for (var row = 0; row < c.Rows; row += TileRows)
                    {
                        var rows = Math.Min(TileRows, c.Rows - row);
                        var columns = Math.Min(width, c.Columns - column);
                        var tileA = pa + (row * a.RowStride) + (depth * a.ColumnStride);
                        var tileC = pc + (row * c.RowStride) + column;
                        if (rows == TileRows && columns == width)
                            Tile(block, tileA, a.RowStride, a.ColumnStride, packed, tileC, c.RowStride, isFirst);
                        else
                            EdgeTile(block, tileA, a.RowStride, a.ColumnStride, packed, tileC, c.RowStride, isFirst, rows, columns);
                    }
                }
            }
        }
    }

    /// <summary>Copies a block of B so that the tile reads it in order; columns beyond the edge become zeros.</summary>
    private static void Pack<T>(Matrix<T> b, int depth, int block, int column, int width, T* packed)
        where T : unmanaged
    {
        var columns = Math.Min(width, b.Columns - column);
        for (var k = 0; k < block; k++, packed += width)
        {
            var source = b.Data[(((depth + k) * b.RowStride) + (column * b.ColumnStride))..];
            var target = new Span<T>(packed, width);
            if (b.ColumnStride == 1)
                source[..columns].CopyTo(target);
            else
            {
                ref var first = ref MemoryMarshal.GetReference(source);
                for (var j = 0; j < columns; j++)
                    packed[j] = System.Runtime.CompilerServices.Unsafe.Add(ref first, j * b.ColumnStride);
            }
            target[columns..].Clear();
        }
    }

    /// <summary>A tile at the right or lower edge: computed completely in scratch space with the last row repeated, then copied in
    /// part.</summary>
    private static void EdgeTile<T>(
        int depth,
        T* a,
        int rowStride,
        int depthStride,
        T* b,
        T* c,
        int rowStrideC,
        bool isFirst,
        int rows,
        int columns
    )
        where T : unmanaged
    {
        var width = 2 * Vector512<T>.Count;
        var scratchA = stackalloc T[TileRows * depth];
        for (var r = 0; r < TileRows; r++)
        for (var k = 0; k < depth; k++)
            scratchA[(r * depth) + k] = a[(Math.Min(r, rows - 1) * rowStride) + (k * depthStride)];
        var scratchC = stackalloc T[TileRows * width];
        new Span<T>(scratchC, TileRows * width).Clear();
        for (var r = 0; r < rows && !isFirst; r++)
            new Span<T>(c + (r * rowStrideC), columns).CopyTo(new Span<T>(scratchC + (r * width), columns));
        Tile(depth, scratchA, depth, 1, b, scratchC, width, isFirst);
        for (var r = 0; r < rows; r++)
            new Span<T>(scratchC + (r * width), columns).CopyTo(new Span<T>(c + (r * rowStrideC), columns));
    }

    [SuppressMessage("Design", "MA0051", Justification = "Sixteen accumulators stay in registers only within one method.")]
    private static void Tile<T>(int depth, T* a, int rowStride, int depthStride, T* b, T* c, int rowStrideC, bool isFirst)
        where T : unmanaged
    {
        var n = Vector512<T>.Count;
        var (s1, s2, s3) = ((nint)rowStride, (nint)rowStride * 2, (nint)rowStride * 3);
        var (s4, s5, s6, s7) = ((nint)rowStride * 4, (nint)rowStride * 5, (nint)rowStride * 6, (nint)rowStride * 7);
        Vector512<T> c00 = default,
            c01 = default,
            c10 = default,
            c11 = default,
            c20 = default,
            c21 = default,
            c30 = default,
            c31 = default;
        Vector512<T> c40 = default,
            c41 = default,
            c50 = default,
            c51 = default,
            c60 = default,
            c61 = default,
            c70 = default,
            c71 = default;
        if (!isFirst)
        {
            (c00, c01) = (Vector512.Load(c), Vector512.Load(c + n));
            (c10, c11) = (Vector512.Load(c + rowStrideC), Vector512.Load(c + rowStrideC + n));
            (c20, c21) = (Vector512.Load(c + (2 * rowStrideC)), Vector512.Load(c + (2 * rowStrideC) + n));
            (c30, c31) = (Vector512.Load(c + (3 * rowStrideC)), Vector512.Load(c + (3 * rowStrideC) + n));
            (c40, c41) = (Vector512.Load(c + (4 * rowStrideC)), Vector512.Load(c + (4 * rowStrideC) + n));
            (c50, c51) = (Vector512.Load(c + (5 * rowStrideC)), Vector512.Load(c + (5 * rowStrideC) + n));
            (c60, c61) = (Vector512.Load(c + (6 * rowStrideC)), Vector512.Load(c + (6 * rowStrideC) + n));
            (c70, c71) = (Vector512.Load(c + (7 * rowStrideC)), Vector512.Load(c + (7 * rowStrideC) + n));
        }
        for (; depth > 0; depth--, a += depthStride, b += 2 * n)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + n);
            var x = Vector512.Create(a[0]);
            c00 = Lanes.MultiplyAdd(x, b0, c00);
            c01 = Lanes.MultiplyAdd(x, b1, c01);
            x = Vector512.Create(a[s1]);
            c10 = Lanes.MultiplyAdd(x, b0, c10);
            c11 = Lanes.MultiplyAdd(x, b1, c11);
            x = Vector512.Create(a[s2]);
            c20 = Lanes.MultiplyAdd(x, b0, c20);
            c21 = Lanes.MultiplyAdd(x, b1, c21);
            x = Vector512.Create(a[s3]);
            c30 = Lanes.MultiplyAdd(x, b0, c30);
            c31 = Lanes.MultiplyAdd(x, b1, c31);
            x = Vector512.Create(a[s4]);
            c40 = Lanes.MultiplyAdd(x, b0, c40);
            c41 = Lanes.MultiplyAdd(x, b1, c41);
            x = Vector512.Create(a[s5]);
            c50 = Lanes.MultiplyAdd(x, b0, c50);
            c51 = Lanes.MultiplyAdd(x, b1, c51);
            x = Vector512.Create(a[s6]);
            c60 = Lanes.MultiplyAdd(x, b0, c60);
            c61 = Lanes.MultiplyAdd(x, b1, c61);
            x = Vector512.Create(a[s7]);
            c70 = Lanes.MultiplyAdd(x, b0, c70);
            c71 = Lanes.MultiplyAdd(x, b1, c71);
        }
        Store(c, c00, c01);
        Store(c + rowStrideC, c10, c11);
        Store(c + (2 * rowStrideC), c20, c21);
        Store(c + (3 * rowStrideC), c30, c31);
        Store(c + (4 * rowStrideC), c40, c41);
        Store(c + (5 * rowStrideC), c50, c51);
        Store(c + (6 * rowStrideC), c60, c61);
        Store(c + (7 * rowStrideC), c70, c71);

        static void Store(T* c, Vector512<T> left, Vector512<T> right)
        {
            left.Store(c);
            right.Store(c + Vector512<T>.Count);
        }
    }
}
