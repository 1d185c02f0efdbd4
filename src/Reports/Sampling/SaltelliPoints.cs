namespace TaalasSim.Reports.Sampling;

/// <summary>Points for Sobol's indices: for each base point a point A, a point B, and for each field A with that one coordinate of B
/// (A. Saltelli et al., Comput. Phys. Commun. 181, 2010). A and B are halves of one Sobol sequence.</summary>
/// <param name="dimensions">Fields, at most half of <see cref="SobolSequence.MostDimensions"/>.</param>
/// <param name="seed">Seed of the sequence's shift.</param>
public sealed class SaltelliPoints(int dimensions, ulong seed) : IUnitPoints
{
    private readonly SobolSequence _sequence = new(2 * dimensions, seed);

    /// <inheritdoc/>
    public int Dimensions => dimensions;

    /// <summary>Points for each base point.</summary>
    public int Block => BlockOf(dimensions);

    /// <summary>Points for each base point of so many fields: A, B and a mixed one for each field.</summary>
    public static int BlockOf(int fields) => fields + 2;

    /// <inheritdoc/>
    public void At(int index, Span<double> point)
    {
        Span<double> both = stackalloc double[2 * dimensions];
        var (row, kind) = Math.DivRem(index, Block);
        _sequence.At(row, both);
        both.Slice(kind == 1 ? dimensions : 0, dimensions).CopyTo(point);
        if (kind >= 2)
            point[kind - 2] = both[dimensions + kind - 2];
    }
}
