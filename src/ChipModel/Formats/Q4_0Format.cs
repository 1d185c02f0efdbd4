namespace TaalasSim.ChipModel.Formats;

/// <summary>32 weights of 4 bits. 0: d, 2: 16 bytes of codes; weight (code − 8) · d.</summary>
public sealed class Q4_0Format() : IntegerFormat("q4_0", 2, 4, Weights, 2, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 18;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.SumFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q4_0", 2, Mixed: true, Place: 14)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        Block32Codes.Nibbles(block.Slice(2, 16), 8, to.Codes);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = Block32Codes.Extreme(values) / -8;
        BlockFields.PutHalf(block, 0, d);
        Block32Codes.Put(values, Block32Codes.Inverse(d), 8.5f, 15, block[2..], []);
    }
}
