namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 32 FP4 (E2M1) weights under one power of two (OCP microscaling 1.0). 0: exponent byte, 1: 16 bytes of codes in halves. The doubled value
/// table meets a halved scale, so that products stay exact.
/// </summary>
public sealed class MxFp4Format() : IntegerFormat("mxfp4", 39, 4, Weights, 1, 16), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 17;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes =>
        [new("mxfp4", 38, Mixed: false, Place: 18), new("mxfp4_moe", 38, Mixed: true, Place: 19)];

    /// <summary>Half the scale that an exponent byte (E8M0) stands for: 2^(e − 128); the two smallest are subnormal.</summary>
    public static float HalfScale(byte e) => BitConverter.UInt32BitsToSingle(e < 2 ? 0x0020_0000u << e : (uint)(e - 1) << 23);

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(HalfScale(block[0]));
        Block32Codes.LookUp(block.Slice(1, 16), CodebookValues.Fp4Doubled, to.Codes);
    }

    /// <summary>The scale is chosen so that the largest magnitude falls into the top octave of FP4 (at most 6), as ggml does.</summary>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = CodebookSearch.Largest(values);
        block[0] = largest > 0 ? (byte)Math.Clamp(MathF.ILogB(largest) - 2 + 127, 0, 254) : (byte)0;
        CodebookSearch.PutHalves(values, CodebookValues.Fp4Doubled, HalfScale(block[0]), block[1..]);
    }
}
