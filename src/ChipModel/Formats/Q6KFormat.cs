namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights of 6 bits in 16 sub-blocks. 0: 128 bytes of low nibbles, 128: 64 bytes of high 2 bits, 192: 16 signed scales, 208: d; weight
/// d · scale · code, code −32 to 31.
/// </summary>
public sealed class Q6KFormat() : IntegerFormat("q6_k", 14, 6, Weights, 128, 64, 16, 2), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 210;

    /// <inheritdoc/>
    public override int SubBlock => 16;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.EightLanes;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("q6_k", 18, Mixed: true, Place: 4)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 208);
        for (var s = 0; s < 16; s++)
            to.Steps[s] = (sbyte)block[192 + s];
        for (var e = 0; e < Weights; e++)
        {
            var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
            var low = (block[(64 * n) + (32 * (j & 1)) + l] >> (4 * (j / 2))) & 15;
            var high = (block[128 + (32 * n) + l] >> (2 * j)) & 3;
            to.Codes[e] = (sbyte)((low | (high << 4)) - 32);
        }
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        var d = BlockFields.PutHalf(block, 208, KQuantSearch.FitLinear(values, importance, 32, scales) / -128);
        for (var s = 0; s < 16; s++)
        {
            var scale = d == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[s] / d), -128, 127);
            block[192 + s] = (byte)(sbyte)scale;
            var ds = d * scale;
            for (var e = 16 * s; e < (16 * s) + 16; e++)
            {
                var (n, j, l) = (e / 128, e % 128 / 32, e % 32);
                var code = 32 + (ds == 0 ? 0 : (int)Math.Clamp(MathF.Round(values[e] / ds), -32, 31));
                block[(64 * n) + (32 * (j & 1)) + l] |= (byte)((code & 15) << (4 * (j / 2)));
                block[128 + (32 * n) + l] |= (byte)(code >> 4 << (2 * j));
            }
        }
    }
}
