namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Encoders of the formats of one and two bits and of the ternary ones, equal to the ggml reference's: codes are rounded with the float
/// scale, before the scale itself is rounded to F16. Layouts are those of <see cref="BitBlocks"/> and <see cref="TernaryBlocks"/>.
/// </summary>
internal static class BitBlockEncoders
{
    /// <summary>The mean magnitude and a sign for each value.</summary>
    public static void Q1_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var sum = 0f;
        foreach (var x in values)
            sum += MathF.Abs(x);
        BlockFields.PutHalf(block, 0, sum / values.Length);
        for (var e = 0; e < values.Length; e++)
            block[2 + (e / 8)] |= (byte)((values[e] >= 0 ? 1 : 0) << (e % 8));
    }

    /// <summary>Codes -1, 0, 1 times the largest magnitude (the code for 2 is never the nearest).</summary>
    public static void Q2_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var inverse = PutLargest(values, block, 0);
        for (var e = 0; e < values.Length; e++)
            block[2 + (e / 4)] |= (byte)(Trit(values[e], inverse) << (2 * (e % 4)));
    }

    public static void TQ1_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var inverse = PutLargest(values, block, 52);
        for (var at = 0; at < 52; at++)
        {
            // Bytes 0 to 31 hold every 32nd of 160 values, 32 to 47 every 16th of 80, and the last four every 4th of 16.
            var (first, step, trits) = at switch
            {
                < 32 => (at, 32, 5),
                < 48 => (160 + at - 32, 16, 5),
                _ => (240 + at - 48, 4, 4),
            };
            var number = 0;
            for (var t = 0; t < 5; t++)
                number = (3 * number) + (t < trits ? Trit(values[first + (t * step)], inverse) : 0);
            block[at] = (byte)(((number * 256) + 242) / 243);
        }
    }

    public static void TQ2_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var inverse = PutLargest(values, block, 64);
        for (var e = 0; e < values.Length; e++)
            block[(32 * (e / 128)) + (e % 32)] |= (byte)(Trit(values[e], inverse) << (2 * (e % 128 / 32)));
    }

    private static int Trit(float value, float inverse) => (int)MathF.Round(value * inverse, MidpointRounding.AwayFromZero) + 1;

    /// <summary>Stores the largest magnitude as the scale and returns its inverse, 0 where that would not be finite.</summary>
    private static float PutLargest(ReadOnlySpan<float> values, Span<byte> block, int at)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = MathF.Max(largest, MathF.Abs(x));
        BlockFields.PutHalf(block, at, largest);
        return largest > 0 && float.IsFinite(1 / largest) ? 1 / largest : 0;
    }
}
