namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Packs floats into ggml blocks; deterministic. Formats whose scale follows from the extreme values match the reference encoder bit for
/// bit; the k-quants and IQ4 formats use a least-squares search of our own, as only their decoding is normative.
/// </summary>
public static class BlockEncoder
{
    private delegate void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>The types that can be written, by id.</summary>
    public static IReadOnlyList<GgmlType> Types { get; } = [.. GgmlTypes.All.Where(type => ForType(type) is not null)];

    /// <summary>Encodes whole blocks.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="values">Values that fill whole blocks; for the quantised types all finite.</param>
    /// <param name="blocks">Receives the bytes; its length must be exactly theirs.</param>
    /// <exception cref="ArgumentException">
    /// The type cannot be written, sizes do not match, or a block holds values that are not finite or too large for its F16 scale.
    /// </exception>
    public static void Encode(GgmlType type, ReadOnlySpan<float> values, Span<byte> blocks)
    {
        var encode = ForType(type)
            ?? throw new ArgumentException($"{type} cannot be encoded; choose one of {string.Join(", ", Types)}.", nameof(type));
        if (blocks.Length != GgmlTypes.Bytes(type, values.Length))
            throw new ArgumentException(
                $"{values.Length} values of {type} take {GgmlTypes.Bytes(type, values.Length)} bytes, not {blocks.Length}.",
                nameof(blocks)
            );
        var elements = GgmlTypes.BlockElements(type);
        var bytes = GgmlTypes.BlockBytes(type);
        if (elements == 1)
        {
            encode(values, blocks); // the plain formats take any number of values at once
            return;
        }
        for (; values.Length > 0; values = values[elements..], blocks = blocks[bytes..])
        {
            foreach (var x in values[..elements])
            {
                if (!float.IsFinite(x))
                    throw new ArgumentException(
                        $"A value to be stored as {type} is {x}; quantised types hold finite values only.",
                        nameof(values)
                    );
            }
            blocks[..bytes].Clear();
            encode(values[..elements], blocks[..bytes]);
        }
    }

    private static EncodeBlock? ForType(GgmlType type) =>
        type switch
        {
            GgmlType.F32 => PlainBlockEncoders.F32,
            GgmlType.F16 => PlainBlockEncoders.F16,
            GgmlType.BF16 => PlainBlockEncoders.BF16,
            GgmlType.Q8_0 => ShortBlockEncoders.Q8_0,
            GgmlType.Q4_0 => ShortBlockEncoders.Q4_0,
            GgmlType.Q4_1 => ShortBlockEncoders.Q4_1,
            GgmlType.Q5_0 => ShortBlockEncoders.Q5_0,
            GgmlType.Q5_1 => ShortBlockEncoders.Q5_1,
            GgmlType.Q2_K => SuperBlockEncoders.Q2_K,
            GgmlType.Q3_K => SuperBlockEncoders.Q3_K,
            GgmlType.Q4_K => SuperBlockEncoders.Q4_K,
            GgmlType.Q5_K => SuperBlockEncoders.Q5_K,
            GgmlType.Q6_K => SuperBlockEncoders.Q6_K,
            GgmlType.IQ4_NL => CodebookBlockEncoders.IQ4_NL,
            GgmlType.IQ4_XS => CodebookBlockEncoders.IQ4_XS,
            GgmlType.MXFP4 => CodebookBlockEncoders.MXFP4,
            GgmlType.NVFP4 => CodebookBlockEncoders.NVFP4,
            GgmlType.Q1_0 => BitBlockEncoders.Q1_0,
            GgmlType.Q2_0 => BitBlockEncoders.Q2_0,
            GgmlType.TQ1_0 => BitBlockEncoders.TQ1_0,
            GgmlType.TQ2_0 => BitBlockEncoders.TQ2_0,
            _ => null,
        };
}
