namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// The linear formats of 32 values a block with F16 scale d (and, in the _1 formats, F16 minimum m). Four-bit codes lie in halves:
/// value j in the low nibble of byte j, value j + 16 in its high nibble; fifth bits lie in a u32, bit j for value j.
/// </summary>
internal static class ShortBlocks
{
    private const int HalfBlock = 16;

    /// <summary>0: d, 2: 16 bytes of codes; value (code - 8)·d.</summary>
    public static void Q4_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var j = 0; j < HalfBlock; j++)
        {
            values[j] = ((block[2 + j] & 15) - 8) * d;
            values[j + HalfBlock] = ((block[2 + j] >> 4) - 8) * d;
        }
    }

    /// <summary>0: d, 2: m, 4: 16 bytes of codes; value code·d + m.</summary>
    public static void Q4_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        var m = BlockFields.Half(block, 2);
        for (var j = 0; j < HalfBlock; j++)
        {
            values[j] = ((block[4 + j] & 15) * d) + m;
            values[j + HalfBlock] = ((block[4 + j] >> 4) * d) + m;
        }
    }

    /// <summary>0: d, 2: fifth bits, 6: 16 bytes of low bits; value (code - 16)·d.</summary>
    public static void Q5_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        var high = BlockFields.UInt32(block, 2);
        for (var j = 0; j < HalfBlock; j++)
        {
            values[j] = (FiveBits(block[6 + j] & 15, high, j) - 16) * d;
            values[j + HalfBlock] = (FiveBits(block[6 + j] >> 4, high, j + HalfBlock) - 16) * d;
        }
    }

    /// <summary>0: d, 2: m, 4: fifth bits, 8: 16 bytes of low bits; value code·d + m.</summary>
    public static void Q5_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        var m = BlockFields.Half(block, 2);
        var high = BlockFields.UInt32(block, 4);
        for (var j = 0; j < HalfBlock; j++)
        {
            values[j] = (FiveBits(block[8 + j] & 15, high, j) * d) + m;
            values[j + HalfBlock] = (FiveBits(block[8 + j] >> 4, high, j + HalfBlock) * d) + m;
        }
    }

    /// <summary>0: d, 2: 32 signed bytes; value code·d.</summary>
    public static void Q8_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var j = 0; j < values.Length; j++)
            values[j] = (sbyte)block[2 + j] * d;
    }

    /// <summary>0: d, 2: d times the sum of the codes, 4: 32 signed bytes; value code·d. For activations, never in files.</summary>
    public static void Q8_1(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var j = 0; j < values.Length; j++)
            values[j] = (sbyte)block[4 + j] * d;
    }

    private static int FiveBits(int low, uint high, int bit) => low | (int)(((high >> bit) & 1) << 4);
}
