using System.Buffers.Binary;
using System.Numerics;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Counts the vias of mask cells in rectangles for a density map. Memory is that of the map; cells are taken one at a
/// time.</summary>
public static class RasterMask
{
    /// <summary>Rectangles a site should be cut into along each side for a map of about 600 rectangles across; 1 when there are many sites,
    /// so that arrays are not cut unevenly.</summary>
    /// <param name="sites">Sites with a bank.</param>
    public static int Parts(int sites)
    {
        var parts = (int)(600 / Math.Sqrt(Math.Max(1, sites)));
        return parts < 8 ? 1 : Math.Min(parts, 32);
    }

    /// <summary>One raster per die that has cells, around all of them.</summary>
    /// <param name="cells">Cells of <see cref="ListMaskCells"/>.</param>
    /// <param name="geometry">Form of the layers.</param>
    /// <param name="parts">Rectangles a site is cut into along each side, 1…64.</param>
    public static IReadOnlyList<DieRaster> Of(IEnumerable<MaskCell> cells, MaskGeometry geometry, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, 64);
        var columns = Edges(geometry.BitLines, parts, line => geometry.ViaCentre(line).X, geometry.SiteWidth);
        var rows = Edges(geometry.WordLines, parts, line => geometry.ViaCentre((long)line * geometry.BitLines).Y, geometry.SiteHeight);
        var counted = new List<(MaskCell Cell, long[] Vias)>();
        foreach (var cell in cells)
            counted.Add((cell with { Weights = [] }, Count(cell.Weights, geometry.BitLines, columns, rows)));
        return [.. counted.GroupBy(c => c.Cell.Die).OrderBy(g => g.Key).Select(g => Raster(g.Key, [.. g], geometry, parts, columns, rows))];
    }

    private static DieRaster Raster(
        int die,
        IReadOnlyList<(MaskCell Cell, long[] Vias)> cells,
        MaskGeometry geometry,
        int parts,
        int[] columns,
        int[] rows
    )
    {
        int left = cells.Min(c => c.Cell.X),
            bottom = cells.Min(c => c.Cell.Y);
        var across = ((cells.Max(c => c.Cell.X) - left) / geometry.SiteWidth) + 1;
        var up = ((cells.Max(c => c.Cell.Y) - bottom) / geometry.SiteHeight) + 1;
        var width = across * parts;
        long[] vias = new long[width * up * parts],
            positions = new long[vias.Length];
        foreach (var (cell, counts) in cells)
        {
            int x0 = (cell.X - left) / geometry.SiteWidth * parts,
                y0 = (cell.Y - bottom) / geometry.SiteHeight * parts;
            for (var y = 0; y < parts; y++)
            for (var x = 0; x < parts; x++)
            {
                var at = ((y0 + y) * width) + x0 + x;
                vias[at] = counts[(y * parts) + x];
                positions[at] = (long)(columns[x + 1] - columns[x]) * (rows[y + 1] - rows[y]);
            }
        }

        return new DieRaster
        {
            Die = die,
            Parts = parts,
            Columns = width,
            Rows = up * parts,
            Left = left,
            Bottom = bottom,
            CellWidth = (double)geometry.SiteWidth / parts,
            CellHeight = (double)geometry.SiteHeight / parts,
            Vias = vias,
            Positions = positions,
            StrappedSites = [.. cells.Where(c => c.Cell.Straps.AsSpan().ContainsAnyExcept((byte)0)).Select(c => (c.Cell.X, c.Cell.Y))],
        };
    }

    // First line of every part, and the number of lines: a line belongs to the part that holds its centre.
    private static int[] Edges(int lines, int parts, Func<int, int> centre, int side)
    {
        var edges = new int[parts + 1];
        var line = 0;
        for (var part = 0; part < parts; part++)
        {
            while (line < lines && (long)centre(line) * parts < (long)part * side)
                line++;
            edges[part] = line;
        }

        edges[parts] = lines;
        return edges;
    }

    private static long[] Count(byte[] bits, int bitLines, int[] columns, int[] rows)
    {
        var parts = rows.Length - 1;
        var counts = new long[parts * parts];
        for (var y = 0; y < parts; y++)
        for (var word = rows[y]; word < rows[y + 1]; word++)
        {
            var from = (long)word * bitLines;
            for (var x = 0; x < parts; x++)
                counts[(y * parts) + x] += Ones(bits, from + columns[x], from + columns[x + 1]);
        }

        return counts;
    }

    private static long Ones(ReadOnlySpan<byte> bits, long from, long to)
    {
        to = Math.Min(to, bits.Length * 8L);
        long ones = 0;
        for (; from < to && (from & 7) != 0; from++)
            ones += bits[(int)(from >> 3)] >> (int)(from & 7) & 1;
        for (; to - from >= 64; from += 64)
            ones += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(bits[(int)(from >> 3)..]));
        for (; from < to; from++)
            ones += bits[(int)(from >> 3)] >> (int)(from & 7) & 1;
        return ones;
    }
}
