namespace TaalasSim.ChipModel.Formats;

/// <summary>32 weights of 4 bits. 0: d, 2: m, 4: 16 bytes of codes; weight code · d + m.</summary>
public sealed class Q4_1Format() : IntegerFormat("q4_1", 3, 4, Weights, 2, 2, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 20;

    /// <inheritdoc/>
    public override bool HasMinimum => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_1;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q4_1", 3, Mixed: true, Place: 13)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        to.SetMinimum(BlockFields.Half(block, 2));
        Block32Codes.Nibbles(block.Slice(4, 16), 0, to.Codes);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => Block32Codes.PutWithMinimum(values, 15, block, block[4..], []);
}
