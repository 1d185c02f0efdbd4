namespace TaalasSim.Reports.Sampling;

/// <summary>Which points no other point beats: at least as good in every objective and better in one. Less is better.</summary>
public static class ParetoFront
{
    /// <summary>Whether one point beats another.</summary>
    public static bool Dominates(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var better = false;
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] > other[i])
                return false;
            better |= one[i] < other[i];
        }

        return better;
    }

    /// <summary>The points that no other point beats; of equal points all are on it or none.</summary>
    /// <param name="points">Objectives of each point; null or one that is no number takes no part.</param>
    /// <returns>For each point whether it is on the front.</returns>
    public static bool[] Of(IReadOnlyList<double[]?> points)
    {
        var on = new bool[points.Count];
        // What comes later in this order never beats what comes before.
        var order = Enumerable.Range(0, points.Count).Where(i => points[i] is { } p && !p.Any(double.IsNaN)).ToArray();
        Array.Sort(order, (a, b) => Compare(points[a]!, points[b]!) is not 0 and var c ? c : a.CompareTo(b));
        var front = new List<double[]>();
        foreach (var i in order)
        {
            var point = points[i]!;
            if (front.Exists(f => Dominates(f, point)))
                continue;
            on[i] = true;
            // Of equal points one suffices to compare with.
            if (front.Count == 0 || Compare(front[^1], point) != 0)
                front.Add(point);
        }

        return on;
    }

    private static int Compare(double[] one, double[] other)
    {
        for (var i = 0; i < one.Length; i++)
            if (one[i].CompareTo(other[i]) is not 0 and var c)
                return c;
        return 0;
    }
}
