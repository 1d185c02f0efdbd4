namespace TaalasSim.ChipModel.Formats;

/// <summary>128 weights of one bit. 0: d, 2: 16 bytes of bits from the lowest up; weight d for 1, −d for 0.</summary>
public sealed class Q1_0Format() : IntegerFormat("q1_0", 41, 1, Weights, 2, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 128;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 18;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleLast;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q1_0", 40, Mixed: true, Place: 29)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        for (var e = 0; e < Weights; e++)
            to.Codes[e] = (sbyte)((2 * ((block[2 + (e / 8)] >> (e % 8)) & 1)) - 1);
    }

    /// <summary>The mean magnitude and a sign for each value.</summary>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var sum = 0f;
        foreach (var x in values)
            sum += MathF.Abs(x);
        BlockFields.PutHalf(block, 0, sum / values.Length);
        for (var e = 0; e < values.Length; e++)
            block[2 + (e / 8)] |= (byte)((values[e] >= 0 ? 1 : 0) << (e % 8));
    }
}
