namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// The 2-bit codebook formats of 256 values: codes pick groups of 8 magnitudes, signs are kept apart.
/// ib counts sub-blocks of 32 values, l groups of 8 in it.
/// </summary>
internal static class Iq2Blocks
{
    /// <summary>0: d, 2: per sub-block four 8-bit codes, then a u32 of four 7-bit sign codes and a 4-bit scale.</summary>
    public static void IQ2_XXS(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = BlockFields.UInt32(block, 6 + (8 * ib));
            var db = d * (0.5f + (packed >> 28)) * 0.25f;
            for (var l = 0; l < 4; l++)
            {
                var code = block[2 + (8 * ib) + l];
                Put(
                    CodebookGrids.Iq2Xxs.Slice(8 * code, 8),
                    CodebookGrids.Signs(packed >> (7 * l)),
                    db,
                    values.Slice((32 * ib) + (8 * l), 8)
                );
            }
        }
    }

    /// <summary>0: d, 2: 32 u16 of a 9-bit code and a 7-bit sign code, 66: 8 bytes of two 4-bit scales, one for 16 values.</summary>
    public static void IQ2_XS(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var group = 0; group < 32; group++)
        {
            var packed = BlockFields.UInt16(block, 2 + (2 * group));
            Put(
                CodebookGrids.Iq2Xs.Slice(8 * (packed & 511), 8),
                CodebookGrids.Signs((uint)packed >> 9),
                Scale(d, block[66..], group),
                values.Slice(8 * group, 8)
            );
        }
    }

    /// <summary>0: d, 2: 32 low code bytes, 34: 32 bytes of signs, 66: 8 bytes of four 2-bit code tops, 74: scales as IQ2_XS.</summary>
    public static void IQ2_S(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var group = 0; group < 32; group++)
        {
            var (ib, l) = (group / 4, group % 4);
            var code = block[2 + group] | ((block[66 + ib] << (8 - (2 * l))) & 0x300);
            Put(CodebookGrids.Iq2S.Slice(8 * code, 8), block[34 + group], Scale(d, block[74..], group), values.Slice(8 * group, 8));
        }
    }

    private static float Scale(float d, ReadOnlySpan<byte> scales, int group)
    {
        var nibble = (scales[group / 4] >> (4 * (group % 4 / 2))) & 15;
        return d * (0.5f + nibble) * 0.25f;
    }

    private static void Put(ReadOnlySpan<sbyte> magnitudes, byte signs, float db, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = ((signs >> i) & 1) != 0 ? -(db * magnitudes[i]) : db * magnitudes[i];
    }
}
