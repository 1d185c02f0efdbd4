namespace TaalasSim.ChipModel.Formats;

/// <summary>256 ternary weights. 0: 64 bytes of 2-bit codes, 64: d; weight (code − 1) · d.</summary>
public sealed class Tq2_0Format() : IntegerFormat("tq2_0", 35, 2, Weights, 64, 2), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 66;

    /// <inheritdoc/>
    public override bool IsTernary => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.OneSum;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("tq2_0", 37, Mixed: true, Place: 27)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 64));
        for (var e = 0; e < Weights; e++)
            to.Codes[e] = (sbyte)(((block[(32 * (e / 128)) + (e % 32)] >> (2 * (e % 128 / 32))) & 3) - 1);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var inverse = TernaryCodes.PutLargest(values, block, 64);
        for (var e = 0; e < values.Length; e++)
            block[(32 * (e / 128)) + (e % 32)] |= (byte)(TernaryCodes.Of(values[e], inverse) << (2 * (e % 128 / 32)));
    }
}
