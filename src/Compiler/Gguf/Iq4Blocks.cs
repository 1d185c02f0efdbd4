namespace TaalasSim.Compiler.Gguf;

/// <summary>The 4-bit formats whose codes pick from the non-linear table <see cref="CodebookValues.Iq4"/>; codes lie in halves of 32
/// values.</summary>
internal static class Iq4Blocks
{
    /// <summary>32 values. 0: d, 2: 16 bytes of codes.</summary>
    public static void IQ4_NL(ReadOnlySpan<byte> block, Span<float> values) =>
        Decode(block.Slice(2, 16), BlockFields.Half(block, 0), values);

    /// <summary>256 values. 0: d, 2: high 2 bits of 8 scales, 4: low nibbles of the scales, 8: 128 bytes of codes.</summary>
    public static void IQ4_XS(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        var high = BlockFields.UInt16(block, 2);
        for (var b = 0; b < 8; b++)
        {
            var scale = ((block[4 + (b / 2)] >> (4 * (b % 2))) & 15) | (((high >> (2 * b)) & 3) << 4);
            Decode(block.Slice(8 + (16 * b), 16), d * (scale - 32), values.Slice(32 * b, 32));
        }
    }

    private static void Decode(ReadOnlySpan<byte> codes, float d, Span<float> values)
    {
        for (var j = 0; j < 16; j++)
        {
            values[j] = d * CodebookValues.Iq4[codes[j] & 15];
            values[j + 16] = d * CodebookValues.Iq4[codes[j] >> 4];
        }
    }
}
