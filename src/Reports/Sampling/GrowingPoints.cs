namespace TaalasSim.Reports.Sampling;

/// <summary>Points that become known generation by generation.</summary>
/// <param name="dimensions">Coordinates of a point.</param>
/// <param name="most">Most points.</param>
public sealed class GrowingPoints(int dimensions, int most) : IUnitPoints
{
    private readonly double[]?[] _points = new double[most][];

    /// <inheritdoc/>
    public int Dimensions => dimensions;

    /// <summary>Makes points known.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="points">Their coordinates; those beyond the last index are left out.</param>
    public void Put(int first, IReadOnlyList<double[]> points)
    {
        for (var i = 0; i < points.Count && first + i < most; i++)
            Volatile.Write(ref _points[first + i], points[i]);
    }

    /// <inheritdoc/>
    public void At(int index, Span<double> point) =>
        (Volatile.Read(ref _points[index]) ?? throw new InvalidOperationException($"point {index} is not known yet")).CopyTo(point);
}
