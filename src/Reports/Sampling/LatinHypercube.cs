namespace TaalasSim.Reports.Sampling;

/// <summary>A Latin hypercube: of n points, each of the n equal parts of every axis holds exactly one (McKay, Beckman, Conover,
/// Technometrics 21, 1979). Within its part a coordinate is uniform.</summary>
public sealed class LatinHypercube : IUnitPoints
{
    private readonly int[][] _part;
    private readonly int _points;
    private readonly ulong _seed;

    /// <summary>Draws a sample.</summary>
    /// <param name="dimensions">Coordinates of a point.</param>
    /// <param name="points">Points, at least 1.</param>
    /// <param name="seed">Seed.</param>
    public LatinHypercube(int dimensions, int points, ulong seed)
    {
        (_points, _seed) = (points, seed);
        _part = new int[dimensions][];
        for (var d = 0; d < dimensions; d++)
            _part[d] = Permutation(points, seed, dimensions + d);
    }

    /// <inheritdoc/>
    public int Dimensions => _part.Length;

    /// <inheritdoc/>
    public void At(int index, Span<double> point)
    {
        for (var d = 0; d < _part.Length; d++)
        {
            var part = _part[d][index];
            var within = (part + HashedUniform.At(_seed, index, d)) / _points;
            // Rounding must not carry a coordinate into the next part.
            point[d] = Math.Min(within, Math.BitDecrement((part + 1.0) / _points));
        }
    }

    // By Fisher and Yates.
    private static int[] Permutation(int count, ulong seed, int stream)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var j = (int)(HashedUniform.At(seed, i, stream) * (i + 1));
            (order[i], order[j]) = (order[j], i);
        }

        return order;
    }
}
