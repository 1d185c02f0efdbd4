namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Area of shapes in square windows that step by half their side over a box; windows at the far edges are cut by the
/// box.</summary>
internal sealed class DensityMap
{
    private readonly Rectangle _box;
    private readonly int _step;
    private readonly int _columns;
    private readonly int _rows;
    private readonly long[] _area;

    public DensityMap(Rectangle box, int window)
    {
        _box = box;
        _step = Math.Max(1, window / 2);
        _columns = (box.Right - box.Left + _step - 1) / _step;
        _rows = (box.Top - box.Bottom + _step - 1) / _step;
        _area = new long[_columns * _rows];
    }

    /// <summary>Adds a shape; what lies outside the box does not count.</summary>
    public void Add(Rectangle shape)
    {
        int left = Math.Max(0, (shape.Left - _box.Left) / _step),
            right = Math.Min(_columns - 1, (shape.Right - _box.Left) / _step);
        int bottom = Math.Max(0, (shape.Bottom - _box.Bottom) / _step),
            top = Math.Min(_rows - 1, (shape.Top - _box.Bottom) / _step);
        for (var y = bottom; y <= top; y++)
        for (var x = left; x <= right; x++)
            _area[(y * _columns) + x] += Tile(x, y).Overlap(shape);
    }

    /// <summary>Share of the box that is covered.</summary>
    public double Mean => (double)_area.Sum() / _box.Area;

    /// <summary>The densest window.</summary>
    public (double Share, Rectangle Window) Densest()
    {
        var (best, at) = (-1.0, default(Rectangle));
        for (var y = 0; y < Math.Max(1, _rows - 1); y++)
        for (var x = 0; x < Math.Max(1, _columns - 1); x++)
        {
            var (right, top) = (Math.Min(_columns - 1, x + 1), Math.Min(_rows - 1, y + 1));
            var window = new Rectangle(Tile(x, y).Left, Tile(x, y).Bottom, Tile(right, top).Right, Tile(right, top).Top);
            long area = 0;
            for (var j = y; j <= top; j++)
            for (var i = x; i <= right; i++)
                area += _area[(j * _columns) + i];
            if ((double)area / window.Area > best)
                (best, at) = ((double)area / window.Area, window);
        }

        return (best, at);
    }

    private Rectangle Tile(int x, int y) =>
        new(
            _box.Left + (x * _step),
            _box.Bottom + (y * _step),
            Math.Min(_box.Right, _box.Left + ((x + 1) * _step)),
            Math.Min(_box.Top, _box.Bottom + ((y + 1) * _step))
        );
}
