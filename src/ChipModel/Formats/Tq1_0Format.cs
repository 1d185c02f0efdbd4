namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 ternary weights. 0: 48 bytes of 5 trits, 48: 4 bytes of 4 trits, 52: d; weight (trit − 1) · d. A byte holds ceil(v · 256 / 243) of a
/// base-3 number v whose most significant trit comes first; multiplying by 3^t brings trit t to the top.
/// </summary>
public sealed class Tq1_0Format() : IntegerFormat("tq1_0", 34, 2, Weights, 48, 4, 2), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 54;

    private static ReadOnlySpan<byte> Powers => [1, 3, 9, 27, 81];

    /// <inheritdoc/>
    public override bool IsTernary => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.OneSum;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("tq1_0", 36, Mixed: true, Place: 28)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 52));
        for (var e = 0; e < Weights; e++)
        {
            var (at, trit) = e switch
            {
                < 160 => (e % 32, e / 32),
                < 240 => (32 + ((e - 160) % 16), (e - 160) / 16),
                _ => (48 + ((e - 240) % 4), (e - 240) / 4),
            };
            to.Codes[e] = (sbyte)(((byte)(block[at] * Powers[trit]) * 3 >> 8) - 1);
        }
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var inverse = TernaryCodes.PutLargest(values, block, 52);
        for (var at = 0; at < 52; at++)
        {
            // Bytes 0 to 31 hold every 32nd of 160 values, 32 to 47 every 16th of 80, and the last four every 4th of 16.
            var (first, step, trits) = at switch
            {
                < 32 => (at, 32, 5),
                < 48 => (160 + at - 32, 16, 5),
                _ => (240 + at - 48, 4, 4),
            };
            var number = 0;
            for (var t = 0; t < 5; t++)
                number = (3 * number) + (t < trits ? TernaryCodes.Of(values[first + (t * step)], inverse) : 0);
            block[at] = (byte)(((number * 256) + 242) / 243);
        }
    }
}
