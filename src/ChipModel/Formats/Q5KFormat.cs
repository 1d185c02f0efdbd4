namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights of 5 bits in 8 sub-blocks. 0: d, 2: dmin, 4: 12 bytes of 6-bit scales and minima, 16: 32 bytes of fifth bits, bit s for
/// sub-block s, 48: 128 bytes of low bits; weight d · scale · code − dmin · minimum.
/// </summary>
public sealed class Q5KFormat() : IntegerFormat("q5_k", 13, 5, Weights, 2, 2, 12, 32, 128), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 176;

    /// <inheritdoc/>
    public override int SubBlock => 32;

    /// <inheritdoc/>
    public override bool HasMinimum => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.EightLanes;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes =>
        [new("q5_k_m", 17, Mixed: true, Place: 5), new("q5_k_s", 16, Mixed: true, Place: 6), new("q5_k", 16, Mixed: false, Place: 7)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        SixBitScales.Unpack(block, ref to);
        for (var s = 0; s < 8; s++)
        for (var l = 0; l < 32; l++)
            to.Codes[(32 * s) + l] = (sbyte)(((block[48 + (32 * (s / 2)) + l] >> (4 * (s % 2))) & 15) | (((block[16 + l] >> s) & 1) << 4));
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block) =>
        KQuantSearch.EightAffine(values, importance, 31, block, block[48..], block.Slice(16, 32));
}
