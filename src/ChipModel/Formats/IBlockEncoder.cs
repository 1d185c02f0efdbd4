namespace TaalasSim.ChipModel.Formats;

/// <summary>A format that floats can be packed into. Encoding is deterministic.</summary>
/// <remarks>
/// Formats whose scale follows from the extreme values match the ggml encoder bit for bit. The K-quants and the four-bit code books search
/// for the least squared error, as only their decoding is normative.
/// </remarks>
public interface IBlockEncoder
{
    /// <summary>Packs one block; formats of one weight a block take any number of values at once.</summary>
    /// <param name="values">Weights; in blocks of more than one weight all finite.</param>
    /// <param name="block">Receives the bytes; all zero before.</param>
    /// <exception cref="ArgumentException">The values are too large for the block's scale.</exception>
    void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>Packs one block so that Σ importance · error² is small. Formats that do not search their scale pack it as ever.</summary>
    /// <param name="values">Weights; all finite.</param>
    /// <param name="importance">Importance of each weight, not negative; empty counts all alike.</param>
    /// <param name="block">Receives the bytes; all zero before.</param>
    void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block) => EncodeBlock(values, block);
}
