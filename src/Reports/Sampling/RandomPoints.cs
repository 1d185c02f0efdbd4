namespace TaalasSim.Reports.Sampling;

/// <summary>Independent uniform points.</summary>
/// <param name="dimensions">Coordinates of a point.</param>
/// <param name="seed">Seed.</param>
public sealed class RandomPoints(int dimensions, ulong seed) : IUnitPoints
{
    /// <inheritdoc/>
    public int Dimensions => dimensions;

    /// <inheritdoc/>
    public void At(int index, Span<double> point)
    {
        for (var d = 0; d < dimensions; d++)
            point[d] = HashedUniform.At(seed, index, d);
    }
}
