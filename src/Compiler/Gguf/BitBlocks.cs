namespace TaalasSim.Compiler.Gguf;

/// <summary>The formats of one and two bits a value with one F16 scale d a block, codes packed from the low bits of each byte up.</summary>
internal static class BitBlocks
{
    /// <summary>128 values. 0: d, 2: 16 bytes of bits; value d for 1, -d for 0.</summary>
    public static void Q1_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var e = 0; e < values.Length; e++)
            values[e] = ((block[2 + (e / 8)] >> (e % 8)) & 1) != 0 ? d : -d;
    }

    /// <summary>64 values. 0: d, 2: 16 bytes of codes; value (code - 1)·d.</summary>
    public static void Q2_0(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = BlockFields.Half(block, 0);
        for (var e = 0; e < values.Length; e++)
            values[e] = (((block[2 + (e / 4)] >> (2 * (e % 4))) & 3) - 1) * d;
    }
}
