namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Turns blocks of any live ggml type into floats, bit for bit as the ggml reference does.
/// The block layouts and formulas are in one file per family beside this one.
/// </summary>
public static class BlockDecoder
{
    private delegate void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Decodes whole blocks.</summary>
    /// <param name="type">Type of the blocks.</param>
    /// <param name="blocks">The bytes of one or more whole blocks.</param>
    /// <param name="values">Receives every value of the blocks; its length must be exactly theirs.</param>
    /// <exception cref="ArgumentException">Bytes and values do not match or do not fill whole blocks.</exception>
    public static void Decode(GgmlType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        if (blocks.Length != GgmlTypes.Bytes(type, values.Length))
            throw new ArgumentException(
                $"{values.Length} values of {type} take {GgmlTypes.Bytes(type, values.Length)} bytes, not {blocks.Length}.",
                nameof(blocks)
            );
        var decode = ForType(type);
        var elements = GgmlTypes.BlockElements(type);
        var bytes = GgmlTypes.BlockBytes(type);
        if (elements == 1)
        {
            decode(blocks, values); // the plain formats take any number of values at once
            return;
        }
        for (; values.Length > 0; values = values[elements..], blocks = blocks[bytes..])
            decode(blocks[..bytes], values[..elements]);
    }

    private static DecodeBlock ForType(GgmlType type) =>
        type switch
        {
            GgmlType.F64 => PlainBlocks.F64,
            GgmlType.F32 => PlainBlocks.F32,
            GgmlType.F16 => PlainBlocks.F16,
            GgmlType.BF16 => PlainBlocks.BF16,
            GgmlType.I8 => PlainBlocks.I8,
            GgmlType.I16 => PlainBlocks.I16,
            GgmlType.I32 => PlainBlocks.I32,
            GgmlType.I64 => PlainBlocks.I64,
            GgmlType.Q4_0 => ShortBlocks.Q4_0,
            GgmlType.Q4_1 => ShortBlocks.Q4_1,
            GgmlType.Q5_0 => ShortBlocks.Q5_0,
            GgmlType.Q5_1 => ShortBlocks.Q5_1,
            GgmlType.Q8_0 => ShortBlocks.Q8_0,
            GgmlType.Q8_1 => ShortBlocks.Q8_1,
            GgmlType.Q1_0 => BitBlocks.Q1_0,
            GgmlType.Q2_0 => BitBlocks.Q2_0,
            GgmlType.Q2_K => SuperBlocks.Q2_K,
            GgmlType.Q3_K => SuperBlocks.Q3_K,
            GgmlType.Q4_K => SuperBlocks.Q4_K,
            GgmlType.Q5_K => SuperBlocks.Q5_K,
            GgmlType.Q6_K => SuperBlocks.Q6_K,
            GgmlType.Q8_K => SuperBlocks.Q8_K,
            GgmlType.TQ1_0 => TernaryBlocks.TQ1_0,
            GgmlType.TQ2_0 => TernaryBlocks.TQ2_0,
            GgmlType.MXFP4 => Fp4Blocks.MXFP4,
            GgmlType.NVFP4 => Fp4Blocks.NVFP4,
            GgmlType.IQ4_NL => Iq4Blocks.IQ4_NL,
            GgmlType.IQ4_XS => Iq4Blocks.IQ4_XS,
            GgmlType.IQ3_XXS => Iq3Blocks.IQ3_XXS,
            GgmlType.IQ3_S => Iq3Blocks.IQ3_S,
            GgmlType.IQ2_XXS => Iq2Blocks.IQ2_XXS,
            GgmlType.IQ2_XS => Iq2Blocks.IQ2_XS,
            GgmlType.IQ2_S => Iq2Blocks.IQ2_S,
            GgmlType.IQ1_S => Iq1Blocks.IQ1_S,
            GgmlType.IQ1_M => Iq1Blocks.IQ1_M,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a live ggml type."),
        };
}
