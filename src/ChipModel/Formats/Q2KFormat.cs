namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights of 2 bits in 16 sub-blocks. 0: 16 bytes of scale (low nibble) and minimum (high), 16: 64 bytes of codes, 80: d, 82: dmin;
/// weight d · scale · code − dmin · minimum.
/// </summary>
public sealed class Q2KFormat() : IntegerFormat("q2_k", 10, 2, Weights, 16, 64, 2, 2), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 84;

    /// <inheritdoc/>
    public override int SubBlock => 16;

    /// <inheritdoc/>
    public override bool HasMinimum => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.OneSum;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes =>
        [new("q2_k", 10, Mixed: true, Place: 24), new("q2_k_s", 21, Mixed: true, Place: 25)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 80);
        to.MinimumScale = BlockFields.Half(block, 82);
        for (var s = 0; s < 16; s++)
            (to.Steps[s], to.MinimumSteps[s]) = (block[s] & 15, block[s] >> 4);
        for (var e = 0; e < Weights; e++)
            to.Codes[e] = (sbyte)((block[16 + (32 * (e / 128)) + (e % 32)] >> (2 * (e % 128 / 32))) & 3);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        Span<float> minima = stackalloc float[16];
        for (var s = 0; s < 16; s++)
            (scales[s], minima[s]) = KQuantSearch.FitAffine(values.Slice(16 * s, 16), KQuantSearch.Part(importance, 16 * s, 16), 3);

        var d = BlockFields.PutHalf(block, 80, KQuantSearch.Largest(scales) / 15);
        var dmin = BlockFields.PutHalf(block, 82, KQuantSearch.Largest(minima) / 15);
        var stored = new KQuantSearch.StoredScales(d, dmin, LargestCode: 3, LargestScale: 15);
        for (var s = 0; s < 16; s++)
        {
            var (scale, minimum) = KQuantSearch.BestStored(
                values.Slice(16 * s, 16),
                KQuantSearch.Part(importance, 16 * s, 16),
                stored,
                scales[s],
                minima[s]
            );
            block[s] = (byte)(scale | (minimum << 4));
            var (ds, dm) = (d * scale, dmin * minimum);
            for (var e = 16 * s; e < (16 * s) + 16; e++)
                block[16 + (32 * (e / 128)) + (e % 32)] |= (byte)(KQuantSearch.Code(values[e] + dm, ds, 3) << (2 * (e % 128 / 32)));
        }
    }
}
