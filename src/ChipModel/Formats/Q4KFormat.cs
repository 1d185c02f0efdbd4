namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights of 4 bits in 8 sub-blocks. 0: d, 2: dmin, 4: 12 bytes of 6-bit scales and minima, 16: 128 bytes of codes; weight
/// d · scale · code − dmin · minimum.
/// </summary>
public sealed class Q4KFormat() : IntegerFormat("q4_k", 12, 4, Weights, 2, 2, 12, 128), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 144;

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
        [new("q4_k_m", 15, Mixed: true, Place: 10), new("q4_k_s", 14, Mixed: true, Place: 11), new("q4_k", 14, Mixed: false, Place: 12)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        SixBitScales.Unpack(block, ref to);
        for (var s = 0; s < 8; s++)
        for (var l = 0; l < 32; l++)
            to.Codes[(32 * s) + l] = (sbyte)((block[16 + (32 * (s / 2)) + l] >> (4 * (s % 2))) & 15);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block) =>
        KQuantSearch.EightAffine(values, importance, 15, block, block[16..], []);
}
