namespace TaalasSim.ChipModel.Formats;

/// <summary>Encoding of codes that pick from a table. For the FP4 table it equals ggml's; for <see cref="CodebookValues.Iq4"/> the scale
/// is searched for the least squared error.</summary>
internal static class CodebookSearch
{
    private const int Trials = 15;

    /// <summary>
    /// Scale of either sign that keeps Σ(scale·table[code] - x)² small. The table is not symmetric, so the extreme value is tried at both
    /// of its ends.
    /// </summary>
    public static float FitScale(ReadOnlySpan<float> values, ReadOnlySpan<float> importance)
    {
        var extreme = 0f;
        foreach (var x in values)
            extreme = MathF.Abs(x) > MathF.Abs(extreme) ? x : extreme;
        var table = CodebookValues.Iq4;
        float best = 0,
            first = table[0],
            last = table[^1];
        var mostExplained = 0.0; // Σx² minus the error that the best scale leaves
        for (var trial = 0; extreme != 0 && trial < 2 * Trials; trial++)
        {
            // The extreme is taken from 14 units inside the table's end to 14 beyond it.
            var end = trial < Trials ? first : last;
            var inverse = (end + (2 * ((trial % Trials) - (Trials / 2)))) / extreme;
            double sumTableX = 0,
                sumTable = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var (x, p) = (values[i], KQuantSearch.Weight(importance, i));
                var value = table[Nearest(table, x * inverse)];
                sumTableX += p * (value * x);
                sumTable += p * (value * value);
            }
            var explained = sumTable > 0 ? sumTableX * sumTableX / sumTable : 0;
            if (explained > mostExplained)
                (mostExplained, best) = (explained, (float)(sumTableX / sumTable));
        }
        return best;
    }

    /// <summary>Codes of the nearest table values times <paramref name="scale"/>, the first half of the values in the low
    /// nibbles.</summary>
    public static void PutHalves(ReadOnlySpan<float> values, ReadOnlySpan<sbyte> table, float scale, Span<byte> codes)
    {
        var half = values.Length / 2;
        for (var j = 0; j < values.Length; j++)
            codes[j % half] |= (byte)(Nearest(table, scale, values[j]) << (j < half ? 0 : 4));
    }

    // The reference compares scaled table values, the first of equals wins; with a zero scale that is code 0, which no decoder can tell
    // from others.
    private static int Nearest(ReadOnlySpan<sbyte> table, float scale, float x)
    {
        var (best, leastError) = (0, MathF.Abs((table[0] * scale) - x));
        for (var i = 1; i < table.Length; i++)
        {
            var error = MathF.Abs((table[i] * scale) - x);
            if (error < leastError)
                (best, leastError) = (i, error);
        }
        return best;
    }

    // For a rising table: the first code whose midpoint to the next is not below x.
    private static int Nearest(ReadOnlySpan<sbyte> rising, float x)
    {
        var code = 0;
        while (code < rising.Length - 1 && 2 * x > rising[code] + rising[code + 1])
            code++;
        return code;
    }

    /// <summary>The largest magnitude.</summary>
    public static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = MathF.Max(largest, MathF.Abs(x));
        return largest;
    }
}
