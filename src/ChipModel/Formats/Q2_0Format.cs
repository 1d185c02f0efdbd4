namespace TaalasSim.ChipModel.Formats;

/// <summary>64 weights of 2 bits. 0: d, 2: 16 bytes of codes from the lowest bits up; weight (code − 1) · d.</summary>
public sealed class Q2_0Format() : IntegerFormat("q2_0", 42, 2, Weights, 2, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 64;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 18;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleLast;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q2_0", 41, Mixed: true, Place: 26)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        for (var e = 0; e < Weights; e++)
            to.Codes[e] = (sbyte)(((block[2 + (e / 4)] >> (2 * (e % 4))) & 3) - 1);
    }

    /// <summary>Codes −1, 0, 1 times the largest magnitude (the code for 2 is never the nearest).</summary>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var inverse = TernaryCodes.PutLargest(values, block, 0);
        for (var e = 0; e < values.Length; e++)
            block[2 + (e / 4)] |= (byte)(TernaryCodes.Of(values[e], inverse) << (2 * (e % 4)));
    }
}
