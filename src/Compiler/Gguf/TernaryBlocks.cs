namespace TaalasSim.Compiler.Gguf;

/// <summary>The ternary formats: 256 values -d, 0 or d with one F16 scale d.</summary>
internal static class TernaryBlocks
{
    /// <summary>
    /// 0: 48 bytes of 5 trits, 48: 4 bytes of 4 trits, 52: d. A byte holds ceil(v·256/243) of a base-3 number v whose most significant
    /// trit comes first; multiplying by 3^t brings trit t to the top.
    /// </summary>
    public static void TQ1_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 52);
        for (var e = 0; e < values.Length; e++)
        {
            var (at, trit) = e switch
            {
                < 160 => (e % 32, e / 32),
                < 240 => (32 + ((e - 160) % 16), (e - 160) / 16),
                _ => (48 + ((e - 240) % 4), (e - 240) / 4),
            };
            var shifted = (byte)(block[at] * PowerOfThree(trit));
            values[e] = ((shifted * 3 >> 8) - 1) * d;
        }
    }

    /// <summary>0: 64 bytes of 2-bit codes, 64: d; value (code - 1)·d.</summary>
    public static void TQ2_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 64);
        for (var e = 0; e < values.Length; e++)
        {
            var (n, t, m) = (e / 128, e % 128 / 32, e % 32);
            values[e] = (((block[(32 * n) + m] >> (2 * t)) & 3) - 1) * d;
        }
    }

    private static int PowerOfThree(int exponent) =>
        exponent switch
        {
            0 => 1,
            1 => 3,
            2 => 9,
            3 => 27,
            _ => 81,
        };
}
