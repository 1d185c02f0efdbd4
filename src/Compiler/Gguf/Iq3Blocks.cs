namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// The 3-bit codebook formats of 256 values: codes pick groups of 4 magnitudes, signs are kept apart.
/// ib counts sub-blocks of 32 values, l groups of 8 in it, g the two codebook groups of those 8.
/// </summary>
internal static class Iq3Blocks
{
    /// <summary>0: d, 2: 64 codes, 66: per sub-block a u32 of four 7-bit sign codes and a 4-bit scale.</summary>
    public static void IQ3_XXS(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = BlockFields.UInt32(block, 66 + (4 * ib));
            var db = d * (0.5f + (packed >> 28)) * 0.5f;
            for (var l = 0; l < 4; l++)
            {
                var signs = CodebookGrids.Signs(packed >> (7 * l));
                for (var i = 0; i < 8; i++)
                {
                    var code = block[2 + (8 * ib) + (2 * l) + (i / 4)];
                    var magnitude = db * CodebookGrids.Iq3Xxs[(4 * code) + (i % 4)];
                    values[(32 * ib) + (8 * l) + i] = ((signs >> i) & 1) != 0 ? -magnitude : magnitude;
                }
            }
        }
    }

    /// <summary>0: d, 2: 64 low code bytes, 66: 8 bytes of ninth bits, 74: 32 bytes of signs, 106: 4 bytes of two 4-bit scales.</summary>
    public static void IQ3_S(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            var db = d * (1 + (2 * ((block[106 + (ib / 2)] >> (4 * (ib % 2))) & 15)));
            for (var l = 0; l < 4; l++)
            {
                var signs = block[74 + (4 * ib) + l];
                for (var i = 0; i < 8; i++)
                {
                    var g = (2 * l) + (i / 4);
                    var code = block[2 + (8 * ib) + g] | (((block[66 + ib] >> g) & 1) << 8);
                    var magnitude = db * CodebookGrids.Iq3S[(4 * code) + (i % 4)];
                    values[(32 * ib) + (8 * l) + i] = ((signs >> i) & 1) != 0 ? -magnitude : magnitude;
                }
            }
        }
    }
}
