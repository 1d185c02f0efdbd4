namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Encoders of the k-quants. Per sub-block a few scales around the obvious one are tried, each refined by least
/// squares for the codes it gives; the best are rounded to the super-block's scale and the codes chosen again for what will be decoded.
/// Layouts are those of <see cref="SuperBlocks"/>.
/// </summary>
internal static class SuperBlockEncoders
{
    private const int Trials = 19;
    private const float TrialStep = 0.1f;

    /// <summary>8 sub-blocks of 32 values as scale·code - minimum, code 0 to 15, both scale and minimum not negative.</summary>
    public static void Q4_K(ReadOnlySpan<float> values, Span<byte> block) => EightAffine(values, 15, block, block[16..], []);

    /// <summary>As Q4_K with codes 0 to 31, whose fifth bits are stored apart.</summary>
    public static void Q5_K(ReadOnlySpan<float> values, Span<byte> block) =>
        EightAffine(values, 31, block, block[48..], block.Slice(16, 32));

    /// <summary>16 sub-blocks of 16 values as scale·code - minimum, code 0 to 3, scale and minimum of 4 bits each.</summary>
    public static void Q2_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        Span<float> minima = stackalloc float[16];
        for (var s = 0; s < 16; s++)
            (scales[s], minima[s]) = FitAffine(values.Slice(16 * s, 16), 3);

        var d = BlockFields.PutHalf(block, 80, Largest(scales) / 15);
        var dmin = BlockFields.PutHalf(block, 82, Largest(minima) / 15);
        for (var s = 0; s < 16; s++)
        {
            var (scale, minimum) = BestStored(values.Slice(16 * s, 16), 3, 15, d, Code(scales[s], d, 15), dmin, Code(minima[s], dmin, 15));
            block[s] = (byte)(scale | (minimum << 4));
            var (ds, dm) = (d * scale, dmin * minimum);
            for (var e = 16 * s; e < (16 * s) + 16; e++)
                block[16 + (32 * (e / 128)) + (e % 32)] |= (byte)(Code(values[e] + dm, ds, 3) << (2 * (e % 128 / 32)));
        }
    }

    /// <summary>16 sub-blocks of 16 values as scale·code, code -4 to 3, scales of 6 bits stored with a bias of 32.</summary>
    public static void Q3_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        var extreme = 0f;
        for (var s = 0; s < 16; s++)
        {
            scales[s] = FitLinear(values.Slice(16 * s, 16), 4);
            extreme = MathF.Abs(scales[s]) > MathF.Abs(extreme) ? scales[s] : extreme;
        }
        var d = BlockFields.PutHalf(block, 108, extreme / -32);
        for (var s = 0; s < 16; s++)
        {
            var scale = d == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[s] / d), -32, 31);
            var stored = scale + 32;
            block[96 + (s % 8)] |= (byte)((stored & 15) << (4 * (s / 8)));
            block[104 + (s % 4)] |= (byte)(stored >> 4 << (2 * (s / 4)));
            var ds = d * scale;
            for (var e = 16 * s; e < (16 * s) + 16; e++)
            {
                var code = 4 + (ds == 0 ? 0 : (int)Math.Clamp(MathF.Round(values[e] / ds), -4, 3));
                block[32 + (32 * (e / 128)) + (e % 32)] |= (byte)((code & 3) << (2 * (e % 128 / 32)));
                block[e % 32] |= (byte)(code >> 2 << (e / 32));
            }
        }
    }

    /// <summary>16 sub-blocks of 16 values as scale·code, code -32 to 31 stored with a bias of 32.</summary>
    public static void Q6_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        for (var s = 0; s < 16; s++)
            scales[s] = FitLinear(values.Slice(16 * s, 16), 32);

        var extreme = 0f;
        foreach (var scale in scales)
            extreme = MathF.Abs(scale) > MathF.Abs(extreme) ? scale : extreme;
        var d = BlockFields.PutHalf(block, 208, extreme / -128);
        for (var s = 0; s < 16; s++)
        {
            var scale = d == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[s] / d), -128, 127);
            block[192 + s] = (byte)(sbyte)scale;
            for (var i = 0; i < 16; i++)
            {
                var e = (16 * s) + i;
                var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
                var ds = d * scale;
                var code = 32 + (ds == 0 ? 0 : (int)Math.Clamp(MathF.Round(values[e] / ds), -32, 31));
                block[(64 * n) + (32 * (j & 1)) + l] |= (byte)((code & 15) << (4 * (j / 2)));
                block[128 + (32 * n) + l] |= (byte)(code >> 4 << (2 * j));
            }
        }
    }

    private static void EightAffine(ReadOnlySpan<float> values, int largest, Span<byte> block, Span<byte> low, Span<byte> fifth)
    {
        Span<float> scales = stackalloc float[8];
        Span<float> minima = stackalloc float[8];
        for (var s = 0; s < 8; s++)
            (scales[s], minima[s]) = FitAffine(values.Slice(32 * s, 32), largest);

        var d = BlockFields.PutHalf(block, 0, Largest(scales) / 63);
        var dmin = BlockFields.PutHalf(block, 2, Largest(minima) / 63);
        for (var s = 0; s < 8; s++)
        {
            var (scale, minimum) = BestStored(
                values.Slice(32 * s, 32),
                largest,
                63,
                d,
                Code(scales[s], d, 63),
                dmin,
                Code(minima[s], dmin, 63)
            );
            PutScaleAndMinimum(block.Slice(4, 12), s, scale, minimum);
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
    private static (int Scale, int Minimum) BestStored(
        ReadOnlySpan<float> values,
        int largestCode,
        int largestScale,
        float d,
        int scale,
        float dmin,
        int minimum
    )
    {
        var best = (scale, minimum);
        var leastError = double.PositiveInfinity;
        for (var s = Math.Max(0, scale - 1); s <= Math.Min(largestScale, scale + 1); s++)
        {
            for (var m = Math.Max(0, minimum - 1); m <= Math.Min(largestScale, minimum + 1); m++)
            {
                var (ds, dm) = (d * s, dmin * m);
                var error = 0.0;
                foreach (var x in values)
                    error += Square((ds * Code(x + dm, ds, largestCode)) - dm - x);
                if (error < leastError)
                    (leastError, best) = (error, (s, m));
            }
        }
        return best;
    }

    /// <summary>Scale and minimum (both not negative) that keep Σ(scale·code - minimum - x)² small with codes 0 to
    /// <paramref name="largest"/>.</summary>
    private static (float Scale, float Minimum) FitAffine(ReadOnlySpan<float> values, int largest)
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
            double n = values.Length,
                sumX = 0,
                sumCode = 0,
                sumCodeX = 0,
                sumCodes = 0;
            foreach (var x in values)
            {
                var code = Math.Clamp(Math.Round((x - (double)low) * inverse), 0, largest);
                sumX += x;
                sumCode += code;
                sumCodeX += code * x;
                sumCodes += code * code;
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
            foreach (var x in values)
            {
                var code = Math.Clamp(Math.Round((x - (double)low) * inverse), 0, largest);
                error += Square((scale * code) - minimum - x);
            }
            if (error < leastError)
                (leastError, best) = (error, ((float)scale, (float)minimum));
        }
        return best;
    }

    /// <summary>Scale of either sign that keeps Σ(scale·code - x)² small with codes -<paramref name="bias"/> to bias - 1.</summary>
    private static float FitLinear(ReadOnlySpan<float> values, int bias)
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
            foreach (var x in values)
            {
                var code = Math.Clamp(Math.Round(x * inverse), -bias, bias - 1);
                sumCodeX += code * x;
                sumCodes += code * code;
            }
            var explained = sumCodeX * sumCodeX / sumCodes;
            if (explained > mostExplained)
                (mostExplained, best) = (explained, (float)(sumCodeX / sumCodes));
        }
        return best;
    }

    private static void PutScaleAndMinimum(Span<byte> packed, int k, int scale, int minimum)
    {
        if (k < 4)
        {
            packed[k] |= (byte)scale;
            packed[k + 4] |= (byte)minimum;
            return;
        }
        packed[k + 4] = (byte)((scale & 15) | ((minimum & 15) << 4));
        packed[k - 4] |= (byte)(scale >> 4 << 6);
        packed[k] |= (byte)(minimum >> 4 << 6);
    }

    private static int Code(float value, float scale, int largest) =>
        scale == 0 ? 0 : (int)Math.Clamp(MathF.Round(value / scale), 0, largest);

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = Math.Max(largest, x);
        return largest;
    }

    private static double Square(double x) => x * x;
}
