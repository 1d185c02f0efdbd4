namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// Encoders of the k-quants. Per sub-block a few scales around the obvious one are tried, each refined by least
/// squares for the codes it gives; the best are rounded to the super-block's scale and the codes chosen again for what will be decoded.
/// </summary>
internal static class KQuantSearch
{
    private const int Trials = 19;
    private const float TrialStep = 0.1f;

    /// <summary>Stored scales of a block.</summary>
    /// <param name="D">Scale of the scales.</param>
    /// <param name="DMin">Scale of the minima.</param>
    /// <param name="LargestCode">Largest code of a weight.</param>
    /// <param name="LargestScale">Largest integer scale or minimum.</param>
    public readonly record struct StoredScales(float D, float DMin, int LargestCode, int LargestScale);

    /// <summary>Encodes eight sub-blocks of 32 weights as scale · code − minimum, codes 0 to <paramref name="largest"/>.</summary>
    public static void EightAffine(
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> importance,
        int largest,
        Span<byte> block,
        Span<byte> low,
        Span<byte> fifth
    )
    {
        Span<float> scales = stackalloc float[8];
        Span<float> minima = stackalloc float[8];
        for (var s = 0; s < 8; s++)
            (scales[s], minima[s]) = FitAffine(values.Slice(32 * s, 32), Part(importance, 32 * s, 32), largest);

        var d = BlockFields.PutHalf(block, 0, Largest(scales) / 63);
        var dmin = BlockFields.PutHalf(block, 2, Largest(minima) / 63);
        var stored = new StoredScales(d, dmin, largest, LargestScale: 63);
        for (var s = 0; s < 8; s++)
        {
            var (scale, minimum) = BestStored(values.Slice(32 * s, 32), Part(importance, 32 * s, 32), stored, scales[s], minima[s]);
            SixBitScales.Put(block.Slice(4, 12), s, scale, minimum);
            var (ds, dm) = (d * scale, dmin * minimum);
            for (var l = 0; l < 32; l++)
            {
                var code = Code(values[(32 * s) + l] + dm, ds, largest);
                low[(32 * (s / 2)) + l] |= (byte)((code & 15) << (4 * (s & 1)));
                if (!fifth.IsEmpty)
                    fifth[l] |= (byte)(code >> 4 << s);
            }
        }
    }

    /// <summary>The stored scale and minimum, up to one step from the rounded ones, that leave the least error once the codes follow
    /// them.</summary>
    public static (int Scale, int Minimum) BestStored(
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> importance,
        in StoredScales stored,
        float fittedScale,
        float fittedMinimum
    )
    {
        var (d, dmin, largestCode, largestScale) = stored;
        var (scale, minimum) = (Code(fittedScale, d, largestScale), Code(fittedMinimum, dmin, largestScale));
        var best = (scale, minimum);
        var leastError = double.PositiveInfinity;
        for (var s = Math.Max(0, scale - 1); s <= Math.Min(largestScale, scale + 1); s++)
        {
            for (var m = Math.Max(0, minimum - 1); m <= Math.Min(largestScale, minimum + 1); m++)
            {
                var (ds, dm) = (d * s, dmin * m);
                var error = 0.0;
                for (var i = 0; i < values.Length; i++)
                    error += Weight(importance, i) * Square((ds * Code(values[i] + dm, ds, largestCode)) - dm - values[i]);
                if (error < leastError)
                    (leastError, best) = (error, (s, m));
            }
        }
        return best;
    }

    /// <summary>Scale and minimum (both not negative) that keep Σ(scale·code - minimum - x)² small with codes 0 to
    /// <paramref name="largest"/>.</summary>
    public static (float Scale, float Minimum) FitAffine(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, int largest)
    {
        var (low, high) = (0f, 0f); // a range that holds zero has a minimum that is not negative
        foreach (var x in values)
        {
            low = Math.Min(low, x);
            high = Math.Max(high, x);
        }
        if (low == high)
            return (0, 0);
        (float Scale, float Minimum) best = default;
        var leastError = double.PositiveInfinity;
        for (var trial = 0; trial < Trials; trial++)
        {
            var inverse = (largest + (TrialStep * (trial - (Trials / 2)))) / ((double)high - low);
            double n = 0,
                sumX = 0,
                sumCode = 0,
                sumCodeX = 0,
                sumCodes = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var (x, p) = (values[i], Weight(importance, i));
                var code = Math.Clamp(Math.Round((x - (double)low) * inverse), 0, largest);
                n += p;
                sumX += p * x;
                sumCode += p * code;
                sumCodeX += p * (code * x);
                sumCodes += p * (code * code);
            }
            // Normal equations of x ≈ scale·code - minimum; with the minimum held at zero where they would make it negative.
            var determinant = (n * sumCodes) - (sumCode * sumCode);
            var scale = determinant > 0 ? ((n * sumCodeX) - (sumCode * sumX)) / determinant : 1 / inverse;
            var minimum = ((scale * sumCode) - sumX) / n;
            if (minimum < 0)
                (scale, minimum) = (sumCodes > 0 ? sumCodeX / sumCodes : 0, 0);
            if (scale < 0)
                continue;
            var error = 0.0;
            for (var i = 0; i < values.Length; i++)
            {
                var code = Math.Clamp(Math.Round((values[i] - (double)low) * inverse), 0, largest);
                error += Weight(importance, i) * Square((scale * code) - minimum - values[i]);
            }
            if (error < leastError)
                (leastError, best) = (error, ((float)scale, (float)minimum));
        }
        return best;
    }

    /// <summary>Fits sixteen sub-blocks of 16 weights; see the other overload.</summary>
    /// <returns>The scale of largest magnitude, with its sign.</returns>
    public static float FitLinear(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, int bias, Span<float> scales)
    {
        var extreme = 0f;
        for (var s = 0; s < scales.Length; s++)
        {
            scales[s] = FitLinear(values.Slice(16 * s, 16), Part(importance, 16 * s, 16), bias);
            extreme = MathF.Abs(scales[s]) > MathF.Abs(extreme) ? scales[s] : extreme;
        }

        return extreme;
    }

    /// <summary>Scale of either sign that keeps Σ(scale·code - x)² small with codes -<paramref name="bias"/> to bias - 1.</summary>
    private static float FitLinear(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, int bias)
    {
        var extreme = 0f;
        foreach (var x in values)
            extreme = MathF.Abs(x) > MathF.Abs(extreme) ? x : extreme;
        if (extreme == 0)
            return 0;
        var best = 0f;
        var mostExplained = 0.0; // Σx² minus the error that the best scale leaves
        for (var trial = 0; trial < Trials; trial++)
        {
            var inverse = -(bias + (TrialStep * (trial - (Trials / 2)))) / (double)extreme;
            double sumCodeX = 0,
                sumCodes = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var (x, p) = (values[i], Weight(importance, i));
                var code = Math.Clamp(Math.Round(x * inverse), -bias, bias - 1);
                sumCodeX += p * (code * x);
                sumCodes += p * (code * code);
            }
            var explained = sumCodes > 0 ? sumCodeX * sumCodeX / sumCodes : 0;
            if (explained > mostExplained)
                (mostExplained, best) = (explained, (float)(sumCodeX / sumCodes));
        }
        return best;
    }

    /// <summary>Nearest code 0 to <paramref name="largest"/> of a value.</summary>
    public static int Code(float value, float scale, int largest) =>
        scale == 0 ? 0 : (int)Math.Clamp(MathF.Round(value / scale), 0, largest);

    /// <summary>The largest value, at least zero.</summary>
    public static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = Math.Max(largest, x);
        return largest;
    }

    /// <summary>A part of the importances; of none, none.</summary>
    public static ReadOnlySpan<float> Part(ReadOnlySpan<float> importance, int start, int count) =>
        importance.IsEmpty ? importance : importance.Slice(start, count);

    /// <summary>Importance of a weight; 1 without importances, which changes no bit of a sum.</summary>
    public static double Weight(ReadOnlySpan<float> importance, int index) => importance.IsEmpty ? 1 : importance[index];

    private static double Square(double x) => x * x;
}
