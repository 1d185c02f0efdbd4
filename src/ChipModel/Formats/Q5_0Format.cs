namespace TaalasSim.ChipModel.Formats;

/// <summary>32 weights of 5 bits. 0: d, 2: fifth bits, 6: 16 bytes of low bits; weight (code − 16) · d.</summary>
public sealed class Q5_0Format() : IntegerFormat("q5_0", 6, 5, Weights, 2, 4, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 22;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q5_0", 8, Mixed: true, Place: 9)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        Block32Codes.FiveBits(block.Slice(6, 16), BlockFields.UInt32(block, 2), 16, to.Codes);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = Block32Codes.Extreme(values) / -16;
        BlockFields.PutHalf(block, 0, d);
        Block32Codes.Put(values, Block32Codes.Inverse(d), 16.5f, 31, block[6..], block.Slice(2, 4));
    }
}
