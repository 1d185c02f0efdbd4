namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// The formats of about 1.6 bits: 11-bit codes pick groups of 8 ternary values, which a shift of an eighth moves up or down.
/// Value dl·(ternary ± 0.125); ib counts sub-blocks of 32 values, l groups of 8 in it.
/// </summary>
internal static class Iq1Blocks
{
    private const float Shift = 0.125f;

    /// <summary>0: d, 2: 32 low code bytes, 34: per sub-block a u16 of four 3-bit code tops, a 3-bit scale and the shift's sign.</summary>
    public static void IQ1_S(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = BlockFields.UInt16(block, 34 + (2 * ib));
            var dl = d * ((2 * ((packed >> 12) & 7)) + 1);
            var shift = (packed & 0x8000) != 0 ? -Shift : Shift;
            for (var l = 0; l < 4; l++)
            {
                var code = block[2 + (4 * ib) + l] | (((packed >> (3 * l)) & 7) << 8);
                Put(code, dl, shift, values.Slice((32 * ib) + (8 * l), 8));
            }
        }
    }

    /// <summary>
    /// 0: 32 low code bytes, 32: 16 bytes of nibbles (3-bit code top, shift's sign), 48: four u16 of four 3-bit scales, whose top nibbles
    /// together are d.
    /// </summary>
    public static void IQ1_M(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scales = block.Slice(48, 8);
        var (s0, s1, s2, s3) = (
            BlockFields.UInt16(scales, 0),
            BlockFields.UInt16(scales, 2),
            BlockFields.UInt16(scales, 4),
            BlockFields.UInt16(scales, 6)
        );
        var d = (float)BitConverter.UInt16BitsToHalf((ushort)((s0 >> 12) | ((s1 >> 8) & 0xF0) | ((s2 >> 4) & 0xF00) | (s3 & 0xF000)));
        for (var group = 0; group < 32; group++)
        {
            var (ib, l) = (group / 4, group % 4);
            var scale = (BlockFields.UInt16(scales, 2 * (ib / 2)) >> ((6 * (ib % 2)) + (3 * (l / 2)))) & 7;
            var top = block[32 + (2 * ib) + (l / 2)] >> (4 * (l % 2));
            var code = block[group] | ((top & 7) << 8);
            Put(code, d * ((2 * scale) + 1), (top & 8) != 0 ? -Shift : Shift, values.Slice(8 * group, 8));
        }
    }

    private static void Put(int code, float dl, float shift, Span<float> values)
    {
        var ternary = CodebookGrids.Iq1.Slice(8 * code, 8);
        for (var i = 0; i < values.Length; i++)
            values[i] = dl * (ternary[i] + shift);
    }
}
