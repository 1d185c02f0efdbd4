namespace TaalasSim.Runtime.Functional;

/// <summary>Alternating updates and sparse activations of one token, with the roundings of llama.cpp: sums of single-precision products in
/// double precision, each result rounded to single.</summary>
internal static class StreamArithmetic
{
    /// <summary>Every stream plus a mix of all: y[j] = x[j] + Σ c[j, k] · x[k], where c is the product of the router's numbers with a
    /// matrix.</summary>
    /// <param name="count">Streams.</param>
    /// <param name="x">Streams side by side.</param>
    /// <param name="router">A number for each stream.</param>
    /// <param name="coefficients">[stream j][stream k][router's number].</param>
    /// <param name="y">Result, as <paramref name="x"/>.</param>
    public static void Predict(
        int count,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> router,
        ReadOnlySpan<float> coefficients,
        Span<float> y
    )
    {
        var width = x.Length / count;
        var mix = Products(router, coefficients);
        for (var j = 0; j < count; j++)
        for (var i = 0; i < width; i++)
        {
            double sum = 0;
            for (var k = 0; k < count; k++)
                sum += x[(k * width) + i] * mix[(j * count) + k];
            y[(j * width) + i] = (float)sum + x[(j * width) + i];
        }
    }

    /// <summary>Every predicted stream plus a share of what the layer found beyond the first:
    /// y[j] = p[j] + (a − p[0]) · (c[j] + 1).</summary>
    /// <param name="count">Streams.</param>
    /// <param name="predicted">Streams side by side.</param>
    /// <param name="activated">What the layer made of the first.</param>
    /// <param name="router">A number for each stream.</param>
    /// <param name="coefficients">[stream j][router's number].</param>
    /// <param name="y">Result, as <paramref name="predicted"/>.</param>
    public static void Correct(
        int count,
        ReadOnlySpan<float> predicted,
        ReadOnlySpan<float> activated,
        ReadOnlySpan<float> router,
        ReadOnlySpan<float> coefficients,
        Span<float> y
    )
    {
        var width = activated.Length;
        var shares = Products(router, coefficients);
        for (var j = 0; j < count; j++)
        for (var i = 0; i < width; i++)
        {
            var innovation = activated[i] - predicted[i];
            var share = innovation * (shares[j] + 1);
            y[(j * width) + i] = share + predicted[(j * width) + i];
        }
    }

    /// <summary>Gives every part of <paramref name="x"/>, as long as <paramref name="target"/>, the length of that vector.</summary>
    public static void MatchLength(Span<float> x, ReadOnlySpan<float> target)
    {
        var length = Length(target);
        for (var from = 0; from < x.Length; from += target.Length)
        {
            var part = x.Slice(from, target.Length);
            var own = Length(part);
            for (var i = 0; i < part.Length; i++)
            {
                var scaled = part[i] * length;
                part[i] = scaled / own;
            }
        }
    }

    /// <summary>Takes mean + <paramref name="deviations"/> · standard deviation off every element; what is below becomes 0.</summary>
    public static void Cut(Span<float> x, float deviations)
    {
        double sum = 0,
            squares = 0;
        foreach (var value in x)
            sum += value;
        var mean = (float)sum / x.Length;
        foreach (var value in x)
        {
            var off = value - mean;
            squares += off * off;
        }

        var deviation = MathF.Sqrt((float)squares * (1 / (float)(x.Length - 1)));
        var least = mean + (deviation * deviations);
        for (var i = 0; i < x.Length; i++)
        {
            var over = x[i] - least;
            x[i] = over > 0 ? over : 0;
        }
    }

    private static float[] Products(ReadOnlySpan<float> x, ReadOnlySpan<float> rows)
    {
        var y = new float[rows.Length / x.Length];
        for (var row = 0; row < y.Length; row++)
        {
            double sum = 0;
            for (var i = 0; i < x.Length; i++)
                sum += x[i] * rows[(row * x.Length) + i];
            y[row] = (float)sum;
        }

        return y;
    }

    private static float Length(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (var value in x)
            sum += value * value;
        return MathF.Sqrt((float)sum);
    }
}
