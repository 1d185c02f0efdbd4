using System.Numerics;

namespace TaalasSim.Reports.Sampling;

/// <summary>
/// The Sobol sequence with the direction numbers of S. Joe and F. Y. Kuo (SIAM J. Sci. Comput. 30, 2008), in Gray-code order as in
/// P. Bratley and B. L. Fox, Algorithm 659. A seed other than 0 shifts all coordinates of a dimension by the same random bits, which keeps
/// every equidistribution of the sequence.
/// </summary>
public sealed class SobolSequence : IUnitPoints
{
    /// <summary>Most coordinates of a point.</summary>
    public static int MostDimensions => SobolDirections.Polynomials.Count + 1;

    private readonly uint[][] _directions;
    private readonly uint[] _shift;

    /// <summary>Prepares the sequence.</summary>
    /// <param name="dimensions">Coordinates of a point, at most <see cref="MostDimensions"/>.</param>
    /// <param name="seed">Seed of the shift; 0 for none.</param>
    public SobolSequence(int dimensions, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        _directions = [.. Enumerable.Range(0, dimensions).Select(SobolDirections.Of)];
        _shift = [.. Enumerable.Range(0, dimensions).Select(d => seed == 0 ? 0 : (uint)(HashedUniform.Bits(seed, 0, d) >> 32))];
    }

    /// <inheritdoc/>
    public int Dimensions => _directions.Length;

    /// <inheritdoc/>
    public void At(int index, Span<double> point)
    {
        var gray = (uint)index ^ ((uint)index >> 1);
        for (var d = 0; d < _directions.Length; d++)
        {
            var bits = _shift[d];
            for (var rest = gray; rest != 0; rest &= rest - 1)
                bits ^= _directions[d][BitOperations.TrailingZeroCount(rest)];
            point[d] = bits * (1.0 / (1UL << 32));
        }
    }
}
