namespace TaalasSim.Reports.Sampling;

/// <summary>Direction numbers of the Sobol sequence: the first lines of <c>new-joe-kuo-6.21201</c> by S. Joe and F. Y. Kuo
/// (web.maths.unsw.edu.au/~fkuo/sobol).</summary>
internal static class SobolDirections
{
    private const int Bits = 32;

    /// <summary>For each dimension from the second on: the inner coefficients of its primitive polynomial as bits, and its initial numbers,
    /// as many as the polynomial's degree.</summary>
    public static IReadOnlyList<(uint Inner, uint[] Initial)> Polynomials { get; } =
    [
        (0, [1]),
        (1, [1, 3]),
        (1, [1, 3, 1]),
        (2, [1, 1, 1]),
        (1, [1, 1, 3, 3]),
        (4, [1, 3, 5, 13]),
        (2, [1, 1, 5, 5, 17]),
        (4, [1, 1, 5, 5, 5]),
        (7, [1, 1, 7, 11, 19]),
        (11, [1, 1, 5, 1, 1]),
        (13, [1, 1, 1, 3, 11]),
        (14, [1, 3, 5, 5, 31]),
        (1, [1, 3, 3, 9, 7, 49]),
        (13, [1, 1, 1, 15, 21, 21]),
        (16, [1, 3, 1, 13, 27, 49]),
        (19, [1, 1, 1, 15, 7, 5]),
        (22, [1, 3, 1, 15, 13, 25]),
        (25, [1, 1, 5, 5, 19, 61]),
        (1, [1, 3, 7, 11, 23, 15, 103]),
        (4, [1, 3, 7, 13, 13, 15, 69]),
        (7, [1, 1, 3, 13, 7, 35, 63]),
        (8, [1, 3, 5, 9, 1, 25, 53]),
        (14, [1, 3, 1, 13, 9, 35, 107]),
        (19, [1, 3, 1, 5, 27, 61, 31]),
        (21, [1, 1, 5, 11, 19, 41, 61]),
        (28, [1, 3, 5, 3, 3, 13, 69]),
        (31, [1, 1, 7, 13, 1, 19, 1]),
        (32, [1, 3, 7, 5, 13, 19, 59]),
        (37, [1, 1, 3, 9, 25, 29, 41]),
        (41, [1, 3, 5, 13, 23, 1, 55]),
        (42, [1, 3, 7, 3, 13, 59, 17]),
        (50, [1, 3, 1, 3, 5, 53, 69]),
        (55, [1, 1, 5, 5, 23, 33, 13]),
        (56, [1, 1, 7, 7, 1, 61, 123]),
        (59, [1, 1, 7, 9, 13, 61, 49]),
        (62, [1, 3, 3, 5, 3, 55, 33]),
        (14, [1, 3, 1, 15, 31, 13, 49, 245]),
        (21, [1, 3, 5, 15, 31, 59, 63, 97]),
        (22, [1, 3, 1, 11, 11, 11, 77, 249]),
    ];

    /// <summary>Direction numbers of a dimension, the first bit on top.</summary>
    /// <param name="dimension">From 0, the van der Corput sequence.</param>
    public static uint[] Of(int dimension)
    {
        var v = new uint[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++)
                v[i] = 1u << (Bits - 1 - i);
            return v;
        }

        var (inner, initial) = Polynomials[dimension - 1];
        var degree = initial.Length;
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = initial[i] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
                if (((inner >> (degree - 1 - k)) & 1) != 0)
                    v[i] ^= v[i - k];
        }

        return v;
    }
}
