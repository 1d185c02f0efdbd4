namespace TaalasSim.ChipModel.Formats;

/// <summary>32 weights of 5 bits. 0: d, 2: m, 4: fifth bits, 8: 16 bytes of low bits; weight code · d + m.</summary>
public sealed class Q5_1Format() : IntegerFormat("q5_1", 7, 5, Weights, 2, 2, 4, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 24;

    /// <inheritdoc/>
    public override bool HasMinimum => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_1;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q5_1", 9, Mixed: true, Place: 8)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        to.SetMinimum(BlockFields.Half(block, 2));
        Block32Codes.FiveBits(block.Slice(8, 16), BlockFields.UInt32(block, 4), 0, to.Codes);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) =>
        Block32Codes.PutWithMinimum(values, 31, block, block[8..], block.Slice(4, 4));
}
