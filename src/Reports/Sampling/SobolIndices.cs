using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sampling;

/// <summary>Sobol's first indices by the estimator of A. Saltelli et al. (Comput. Phys. Commun. 181, 2010, table 2 b) and total indices by
/// that of M. J. W. Jansen (Comput. Phys. Commun. 117, 1999), with intervals from resampled base points.</summary>
public static class SobolIndices
{
    private const int Resamples = 400;

    /// <summary>The indices of every field.</summary>
    /// <param name="a">Figure at the points A.</param>
    /// <param name="b">Figure at the points B.</param>
    /// <param name="mixed">For each field the figure at A with that field of B.</param>
    /// <param name="seed">Seed of the resampling.</param>
    /// <returns>One for each field; NaN where the figure does not vary.</returns>
    public static SobolIndex[] Of(double[] a, double[] b, double[][] mixed, ulong seed)
    {
        var all = Enumerable.Range(0, a.Length).ToArray();
        var best = Estimate(a, b, mixed, all);
        var resampled = new (double First, double Total)[Resamples][];
        for (var r = 0; r < Resamples; r++)
        {
            for (var i = 0; i < all.Length; i++)
                all[i] = (int)(HashedUniform.At(seed, i, r) * all.Length);
            resampled[r] = Estimate(a, b, mixed, all);
        }

        return
        [
            .. best.Select(
                (index, f) =>
                    new SobolIndex(
                        Interval(index.First, [.. resampled.Select(r => r[f].First)]),
                        Interval(index.Total, [.. resampled.Select(r => r[f].Total)])
                    )
            ),
        ];
    }

    private static (double First, double Total)[] Estimate(double[] a, double[] b, double[][] mixed, int[] rows)
    {
        double sum = 0,
            squares = 0;
        foreach (var i in rows)
            (sum, squares) = (sum + a[i] + b[i], squares + (a[i] * a[i]) + (b[i] * b[i]));
        var count = 2.0 * rows.Length;
        var mean = sum / count;
        var variance = (squares / count) - (mean * mean);
        return
        [
            .. mixed.Select(m =>
            {
                double first = 0,
                    total = 0;
                foreach (var i in rows)
                {
                    first += (b[i] - mean) * (m[i] - a[i]);
                    total += (a[i] - m[i]) * (a[i] - m[i]);
                }

                // Rounding leaves a little variance in a figure that does not vary.
                return variance <= 1e-24 * squares / count
                    ? (double.NaN, double.NaN)
                    : (first / rows.Length / variance, total / count / variance);
            }),
        ];
    }

    private static UncertaintyRange Interval(double value, double[] resampled)
    {
        Array.Sort(resampled);
        var cut = (int)(0.05 * resampled.Length);
        return new UncertaintyRange(value, Math.Min(value, resampled[cut]), Math.Max(value, resampled[^(cut + 1)]));
    }
}
