namespace TaalasSim.Compiler.Placement;

/// <summary>
/// A space-filling order of a rectangular grid (generalised Hilbert curve, after J. Červený, "Gilbert", 2-clause BSD paper description):
/// neighbours in the order are neighbours on the die, so that a run of sites is a compact region.
/// </summary>
public static class HilbertOrder
{
    /// <summary>Cells (x, y) of a grid in curve order.</summary>
    public static IReadOnlyList<(int X, int Y)> Order(int width, int height)
    {
        var cells = new List<(int, int)>(width * height);
        if (width >= height)
            Walk(cells, 0, 0, width, 0, 0, height);
        else
            Walk(cells, 0, 0, 0, height, width, 0);
        return cells;
    }

    // (ax, ay) is the major direction of the rectangle, (bx, by) the minor one; both carry the lengths.
    private static void Walk(List<(int, int)> cells, int x, int y, int ax, int ay, int bx, int by)
    {
        int w = Math.Abs(ax + ay),
            h = Math.Abs(bx + by);
        int dax = Math.Sign(ax),
            day = Math.Sign(ay),
            dbx = Math.Sign(bx),
            dby = Math.Sign(by);
        if (h == 1)
        {
            for (var i = 0; i < w; i++, x += dax, y += day)
                cells.Add((x, y));
            return;
        }

        if (w == 1)
        {
            for (var i = 0; i < h; i++, x += dbx, y += dby)
                cells.Add((x, y));
            return;
        }

        int ax2 = Half(ax),
            ay2 = Half(ay),
            bx2 = Half(bx),
            by2 = Half(by);
        if (2 * w > 3 * h)
        {
            if ((Math.Abs(ax2 + ay2) & 1) != 0 && w > 2)
                (ax2, ay2) = (ax2 + dax, ay2 + day);
            Walk(cells, x, y, ax2, ay2, bx, by);
            Walk(cells, x + ax2, y + ay2, ax - ax2, ay - ay2, bx, by);
            return;
        }

        if ((Math.Abs(bx2 + by2) & 1) != 0 && h > 2)
            (bx2, by2) = (bx2 + dbx, by2 + dby);
        Walk(cells, x, y, bx2, by2, ax2, ay2);
        Walk(cells, x + bx2, y + by2, ax, ay, bx - bx2, by - by2);
        Walk(cells, x + (ax - dax) + (bx2 - dbx), y + (ay - day) + (by2 - dby), -bx2, -by2, -(ax - ax2), -(ay - ay2));
    }

    // Floor division, as the curve's symmetry wants it.
    private static int Half(int value) => value >> 1;
}
