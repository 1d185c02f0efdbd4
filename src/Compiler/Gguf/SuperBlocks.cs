using System.Buffers.Binary;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// The k-quants: super-blocks of 256 values with an F16 scale d (and dmin) over small integer scales of sub-blocks of 16 or 32.
/// Element e lies at n = e / 128, j = e % 128 / 32, l = e % 32; the float order is (d·scale)·code - (dmin·minimum).
/// </summary>
internal static class SuperBlocks
{
    /// <summary>0: 16 bytes scale (low nibble) and minimum (high), 16: 64 bytes of 2-bit codes, 80: d, 82: dmin.</summary>
    public static void Q2_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 80);
        var dmin = BlockFields.Half(block, 82);
        for (var e = 0; e < values.Length; e++)
        {
            var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
            var scale = block[e / 16];
            var code = (block[16 + (32 * n) + l] >> (2 * j)) & 3;
            values[e] = (d * (scale & 15) * code) - (dmin * (scale >> 4));
        }
    }

    /// <summary>0: 32 bytes of high bits, 32: 64 bytes of low 2-bit codes, 96: 12 bytes of 6-bit scales, 108: d.</summary>
    public static void Q3_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 108);
        var packed = block.Slice(96, 12);
        for (var e = 0; e < values.Length; e++)
        {
            var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
            var low = (block[32 + (32 * n) + l] >> (2 * j)) & 3;
            var code = low - (((block[l] >> ((4 * n) + j)) & 1) != 0 ? 0 : 4);
            values[e] = d * (ScaleOfSixteen(packed, e / 16) - 32) * code;
        }
    }

    /// <summary>0: d, 2: dmin, 4: 12 bytes of 6-bit scales and minima, 16: 128 bytes of codes.</summary>
    public static void Q4_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        var dmin = BlockFields.Half(block, 2);
        for (var s = 0; s < 8; s++)
        {
            var (scale, minimum) = ScaleAndMinimum(block.Slice(4, 12), s);
            var (ds, dm) = (d * scale, dmin * minimum);
            for (var l = 0; l < 32; l++)
                values[(32 * s) + l] = (ds * Nibble(block[16 + (32 * (s / 2)) + l], s)) - dm;
        }
    }

    /// <summary>As Q4_K with fifth bits: 16: 32 bytes, bit s for sub-block s; 48: 128 bytes of low bits.</summary>
    public static void Q5_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        var dmin = BlockFields.Half(block, 2);
        for (var s = 0; s < 8; s++)
        {
            var (scale, minimum) = ScaleAndMinimum(block.Slice(4, 12), s);
            var (ds, dm) = (d * scale, dmin * minimum);
            for (var l = 0; l < 32; l++)
            {
                var code = Nibble(block[48 + (32 * (s / 2)) + l], s) + (((block[16 + l] >> s) & 1) << 4);
                values[(32 * s) + l] = (ds * code) - dm;
            }
        }
    }

    /// <summary>0: 128 bytes of low nibbles, 128: 64 bytes of high 2 bits, 192: 16 signed scales, 208: d.</summary>
    public static void Q6_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 208);
        for (var e = 0; e < values.Length; e++)
        {
            var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
            var low = Nibble(block[(64 * n) + (32 * (j & 1)) + l], j / 2);
            var high = (block[128 + (32 * n) + l] >> (2 * j)) & 3;
            values[e] = d * (sbyte)block[192 + (e / 16)] * ((low | (high << 4)) - 32);
        }
    }

    /// <summary>0: d as F32, 4: 256 signed bytes, 260: 16 sums of 16 codes as i16. For activations, never in files.</summary>
    public static void Q8_K(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BinaryPrimitives.ReadSingleLittleEndian(block);
        for (var e = 0; e < values.Length; e++)
            values[e] = (sbyte)block[4 + e] * d;
    }

    /// <summary>6-bit scale (biased by 32) of sub-block k of 16 in the 12 packed bytes of Q3_K.</summary>
    private static int ScaleOfSixteen(ReadOnlySpan<byte> packed, int k)
    {
        var low = k < 8 ? packed[k] & 15 : packed[k - 8] >> 4;
        var high = (packed[8 + (k % 4)] >> (2 * (k / 4))) & 3;
        return low | (high << 4);
    }

    /// <summary>6-bit scale and minimum of sub-block k of 8 in the 12 packed bytes of Q4_K and Q5_K.</summary>
    private static (int Scale, int Minimum) ScaleAndMinimum(ReadOnlySpan<byte> packed, int k) =>
        k < 4
            ? (packed[k] & 63, packed[k + 4] & 63)
            : ((packed[k + 4] & 15) | (packed[k - 4] >> 6 << 4), (packed[k + 4] >> 4) | (packed[k] >> 6 << 4));

    /// <summary>Low nibble for an even sub-block, high nibble for an odd one.</summary>
    private static int Nibble(byte pair, int subBlock) => (pair >> (4 * (subBlock & 1))) & 15;
}
