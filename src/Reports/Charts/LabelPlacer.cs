namespace TaalasSim.Reports.Charts;

/// <summary>Finds places for labels beside their points so that no label covers another label, a point or an error bar. Lengths in pixels,
/// y downwards.</summary>
public sealed class LabelPlacer(float width, float height)
{
    private readonly List<Box> _taken = [];

    /// <summary>A rectangle in pixels.</summary>
    public readonly record struct Box(float Left, float Top, float Right, float Bottom)
    {
        /// <summary>Whether the rectangles share area; edges that touch do not count.</summary>
        public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
    }

    /// <summary>Keeps labels off a rectangle.</summary>
    public void Block(Box box) => _taken.Add(box);

    /// <summary>Places a label of a size near a point; the nearest free place, or the one that covers least when none is free.</summary>
    /// <returns>Box of the label, and whether it is so far away that a leader line should join it to its point.</returns>
    public (Box Box, bool Leader) Place(float x, float y, float labelWidth, float labelHeight)
    {
        Box? best = null;
        var bestCover = double.PositiveInfinity;
        for (var distance = 9f; distance <= 129f; distance += 8f)
        {
            for (var step = 0; step < 16; step++)
            {
                // Right first, then left, above and below in turn.
                var angle = Math.PI / 8 * (step % 2 == 0 ? step / 2 : -((step + 1) / 2));
                var (dx, dy) = ((float)Math.Cos(angle), -(float)Math.Sin(angle));
                var centreX = x + (dx * (distance + (labelWidth / 2)));
                var centreY = y + (dy * (distance + (labelHeight / 2)));
                var box = new Box(
                    centreX - (labelWidth / 2),
                    centreY - (labelHeight / 2),
                    centreX + (labelWidth / 2),
                    centreY + (labelHeight / 2)
                );
                if (box.Left < 2 || box.Top < 2 || box.Right > width - 2 || box.Bottom > height - 2)
                    continue;
                var cover = _taken.Sum(t => Cover(t, box));
                if (cover >= bestCover)
                    continue;
                (best, bestCover) = (box, cover);
                if (cover == 0)
                {
                    _taken.Add(box);
                    return (box, distance > 20);
                }
            }
        }

        var fallback = best ?? new Box(x, y, x + labelWidth, y + labelHeight);
        _taken.Add(fallback);
        return (fallback, true);
    }

    private static double Cover(Box a, Box b) =>
        a.Overlaps(b)
            ? (Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left)) * (Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top))
            : 0;
}
