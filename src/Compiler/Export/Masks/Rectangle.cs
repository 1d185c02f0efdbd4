namespace TaalasSim.Compiler.Export.Masks;

/// <summary>An axis-parallel rectangle, in database units of one nanometre; left ≤ right and bottom ≤ top.</summary>
/// <param name="Left">Least x.</param>
/// <param name="Bottom">Least y.</param>
/// <param name="Right">Largest x.</param>
/// <param name="Top">Largest y.</param>
public readonly record struct Rectangle(int Left, int Bottom, int Right, int Top)
{
    /// <summary>Area, nm².</summary>
    public long Area => (long)(Right - Left) * (Top - Bottom);

    /// <summary>The rectangle moved by (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public Rectangle Moved(int x, int y) => new(Left + x, Bottom + y, Right + x, Top + y);

    /// <summary>Area that two rectangles share, nm².</summary>
    public long Overlap(Rectangle other)
    {
        long width = Math.Min(Right, other.Right) - (long)Math.Max(Left, other.Left),
            height = Math.Min(Top, other.Top) - (long)Math.Max(Bottom, other.Bottom);
        return width > 0 && height > 0 ? width * height : 0;
    }

    /// <summary>Whether the other rectangle lies in this one, edges included.</summary>
    public bool Contains(Rectangle other) => Left <= other.Left && Bottom <= other.Bottom && Right >= other.Right && Top >= other.Top;

    /// <summary>Whether the edges of two rectangles come closer than <paramref name="space"/> (Euclidean), or touch.</summary>
    public bool CloserThan(Rectangle other, int space)
    {
        long dx = Math.Max(0, Math.Max(other.Left - Right, Left - other.Right)),
            dy = Math.Max(0, Math.Max(other.Bottom - Top, Bottom - other.Top));
        return (dx * dx) + (dy * dy) < (long)space * space;
    }
}
