namespace TaalasSim.ChipModel.Formats;

/// <summary>32 weights of 8 bits. 0: d, 2: 32 signed bytes; weight code · d.</summary>
public sealed class Q8_0Format() : IntegerFormat("q8_0", 8, 8, Weights, 2, 32), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 34;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q8_0", 7, Mixed: true, Place: 3)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        BlockFields.SignedBytes(block[2..], to.Codes);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = MathF.Abs(Block32Codes.Extreme(values)) / 127;
        var inverse = Block32Codes.Inverse(d);
        BlockFields.PutHalf(block, 0, d);
        for (var j = 0; j < values.Length; j++)
            block[2 + j] = (byte)(sbyte)MathF.Round(values[j] * inverse, MidpointRounding.AwayFromZero);
    }
}
