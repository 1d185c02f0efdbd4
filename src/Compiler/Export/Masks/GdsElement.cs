namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Records of one element of a GDSII cell; what the element has not is at its default.</summary>
internal sealed class GdsElement
{
    public int Layer { get; set; } = -1;

    public int Datatype { get; set; } = -1;

    /// <summary>Points, x and y in turn.</summary>
    public List<int> Coordinates { get; } = [];

    /// <summary>Cell that is placed.</summary>
    public string Cell { get; set; } = "";

    public GdsTurn Turn { get; set; }

    public int Columns { get; set; }

    public int Rows { get; set; }

    /// <summary>Width of a path, nm.</summary>
    public int Width { get; set; }

    /// <summary>Ends of a path: 0 flush, 1 round, 2 extended by half the width, 4 extended as given.</summary>
    public int PathType { get; set; }

    /// <summary>Extension of a path before its first point, nm.</summary>
    public int BeginExtension { get; set; }

    /// <summary>Extension of a path behind its last point, nm.</summary>
    public int EndExtension { get; set; }

    /// <summary>The rectangle that a polygon is; null for another form.</summary>
    public Rectangle? Polygon()
    {
        var xy = Coordinates;
        if (xy.Count < 10 || xy[0] != xy[^2] || xy[1] != xy[^1])
            return null;
        var box = Bounds();
        long area = 0;
        for (var i = 0; i < xy.Count; i += 2)
        {
            if (xy[i] != box.Left && xy[i] != box.Right && xy[i + 1] != box.Bottom && xy[i + 1] != box.Top)
                return null;
            if (i == 0)
                continue;
            if (xy[i] != xy[i - 2] && xy[i + 1] != xy[i - 1])
                return null;
            area += ((long)xy[i - 2] * xy[i + 1]) - ((long)xy[i] * xy[i - 1]);
        }

        return box.Area > 0 && Math.Abs(area) == 2 * box.Area ? box : null;
    }

    /// <summary>The rectangle that a path is; null for one that bends, is slanted, or has round ends or half nanometres.</summary>
    public Rectangle? Path()
    {
        var xy = Coordinates;
        if (xy.Count != 4 || Width <= 0 || Width % 2 != 0 || PathType is not (0 or 2 or 4) || xy[0] != xy[2] == (xy[1] != xy[3]))
            return null;
        var half = Width / 2;
        var (begin, end) = PathType switch
        {
            2 => (half, half),
            4 => (BeginExtension, EndExtension),
            _ => (0, 0),
        };
        var (dx, dy) = (Math.Sign(xy[2] - xy[0]), Math.Sign(xy[3] - xy[1]));
        var (x0, y0, x1, y1) = (xy[0] - (dx * begin), xy[1] - (dy * begin), xy[2] + (dx * end), xy[3] + (dy * end));
        if (Math.Sign(x1 - x0) != dx || Math.Sign(y1 - y0) != dy)
            return null;
        var (sideX, sideY) = dx == 0 ? (half, 0) : (0, half);
        return new Rectangle(Math.Min(x0, x1) - sideX, Math.Min(y0, y1) - sideY, Math.Max(x0, x1) + sideX, Math.Max(y0, y1) + sideY);
    }

    /// <summary>The smallest rectangle that holds all points.</summary>
    public Rectangle Bounds()
    {
        int left = int.MaxValue,
            bottom = int.MaxValue,
            right = int.MinValue,
            top = int.MinValue;
        for (var i = 0; i < Coordinates.Count; i += 2)
        {
            (left, right) = (Math.Min(left, Coordinates[i]), Math.Max(right, Coordinates[i]));
            (bottom, top) = (Math.Min(bottom, Coordinates[i + 1]), Math.Max(top, Coordinates[i + 1]));
        }

        return new Rectangle(left, bottom, right, top);
    }

    /// <summary>Forgets the element before.</summary>
    public void Clear()
    {
        (Layer, Datatype, Cell, Turn, Columns, Rows) = (-1, -1, "", default, 0, 0);
        (Width, PathType, BeginExtension, EndExtension) = (0, 0, 0, 0);
        Coordinates.Clear();
    }
}
