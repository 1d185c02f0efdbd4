namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 64 FP4 (E2M1) weights. 0: 4 unsigned E4M3 scales, one for 16 weights, 4: 32 bytes of codes, each 8 of them halves of 16 weights. The
/// doubled value table meets a halved scale, so that products stay exact; scales count in units of the smallest half scale, 2^−10.
/// </summary>
public sealed class NvFp4Format() : IntegerFormat("nvfp4", 40, 4, Weights, 4, 32), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 64;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 36;

    /// <summary>Weights that share a scale.</summary>
    public const int PartWeights = 16;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override int SubBlock => PartWeights;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("nvfp4", 39, Mixed: false, Place: 17)];

    /// <summary>Half the scale that a byte (unsigned E4M3) stands for; 0 and the NaN code 0x7F give 0.</summary>
    public static float HalfScale(byte x) => Step(x) / 1024f;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = 1 / 1024f;
        for (var s = 0; s < 4; s++)
        {
            to.Steps[s] = Step(block[s]);
            Block32Codes.LookUp(block.Slice(4 + (8 * s), 8), CodebookValues.Fp4Doubled, to.Codes[(16 * s)..]);
        }
    }

    /// <summary>The scale of each part maps its largest magnitude to 6, as ggml does.</summary>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        for (var s = 0; s < 4; s++)
        {
            var part = values.Slice(PartWeights * s, PartWeights);
            block[s] = NearestScale(CodebookSearch.Largest(part) / 6);
            CodebookSearch.PutHalves(part, CodebookValues.Fp4Doubled, HalfScale(block[s]), block.Slice(4 + (8 * s), 8));
        }
    }

    private static int Step(byte x)
    {
        if (x == 0x7F)
            return 0;
        var (exponent, mantissa) = ((x >> 3) & 15, x & 7);
        return exponent == 0 ? mantissa : (8 + mantissa) << (exponent - 1);
    }

    /// <summary>To the nearest unsigned E4M3, halves upwards.</summary>
    /// <exception cref="ArgumentException">The scale exceeds the largest, 448.</exception>
    private static byte NearestScale(float x)
    {
        if (x > 448)
            throw new ArgumentException($"A block scale of {x} exceeds the largest E4M3, 448.", nameof(x));
        if (x < 1f / 64)
            return (byte)Math.Min(7, (int)((x * 512) + 0.5f)); // multiples of 2^-9 below the smallest normal number
        const int BiasDifference = 127 - 7;
        return (byte)(((BitConverter.SingleToUInt32Bits(x) + (1u << 19)) >> 20) - (BiasDifference << 3));
    }
}
