namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights of 3 bits in 16 sub-blocks. 0: 32 bytes of high bits, 32: 64 bytes of low 2-bit codes, 96: 12 bytes of 6-bit scales with a
/// bias of 32, 108: d; weight d · scale · code, code −4 to 3.
/// </summary>
public sealed class Q3KFormat() : IntegerFormat("q3_k", 11, 3, Weights, 32, 64, 12, 2), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 110;

    /// <inheritdoc/>
    public override int SubBlock => 16;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.EightLanes;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes =>
        [
            new("q3_k_l", 13, Mixed: true, Place: 20),
            new("q3_k_m", 12, Mixed: true, Place: 21),
            new("q3_k_s", 11, Mixed: true, Place: 22),
            new("q3_k", 11, Mixed: false, Place: 23),
        ];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 108);
        var packed = block.Slice(96, 12);
        for (var k = 0; k < 16; k++)
        {
            var low = k < 8 ? packed[k] & 15 : packed[k - 8] >> 4;
            to.Steps[k] = (low | (((packed[8 + (k % 4)] >> (2 * (k / 4))) & 3) << 4)) - 32;
        }

        for (var e = 0; e < Weights; e++)
        {
            var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
            var low = (block[32 + (32 * n) + l] >> (2 * j)) & 3;
            to.Codes[e] = (sbyte)(low - (((block[l] >> ((4 * n) + j)) & 1) != 0 ? 0 : 4));
        }
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        var d = BlockFields.PutHalf(block, 108, KQuantSearch.FitLinear(values, importance, 4, scales) / -32);
        for (var s = 0; s < 16; s++)
        {
            var scale = d == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[s] / d), -32, 31);
            var stored = scale + 32;
            block[96 + (s % 8)] |= (byte)((stored & 15) << (4 * (s / 8)));
            block[104 + (s % 4)] |= (byte)(stored >> 4 << (2 * (s / 4)));
            var ds = d * scale;
            for (var e = 16 * s; e < (16 * s) + 16; e++)
            {
                var code = 4 + (ds == 0 ? 0 : (int)Math.Clamp(MathF.Round(values[e] / ds), -4, 3));
                block[32 + (32 * (e / 128)) + (e % 32)] |= (byte)((code & 3) << (2 * (e % 128 / 32)));
                block[e % 32] |= (byte)(code >> 2 << (e / 32));
            }
        }
    }
}
