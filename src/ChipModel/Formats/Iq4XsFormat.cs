using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights whose codes pick from <see cref="CodebookValues.Iq4"/>. 0: d, 2: high 2 bits of 8 scales, 4: low nibbles of the scales, 8:
/// 128 bytes of codes, each 16 of them halves of 32 weights.
/// </summary>
public sealed class Iq4XsFormat() : IntegerFormat("iq4_xs", 23, 4, Weights, 2, 2, 4, 128), IBlockEncoder
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 136;

    /// <summary>Weights that share a scale.</summary>
    public const int PartWeights = 32;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_K;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override int SubBlock => PartWeights;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("iq4_xs", 30, Mixed: true, Place: 16)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        var high = BlockFields.UInt16(block, 2);
        for (var b = 0; b < 8; b++)
        {
            to.Steps[b] = (((block[4 + (b / 2)] >> (4 * (b % 2))) & 15) | (((high >> (2 * b)) & 3) << 4)) - 32;
            Block32Codes.LookUp(block.Slice(8 + (16 * b), 16), CodebookValues.Iq4, to.Codes[(PartWeights * b)..]);
        }
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => EncodeBlock(values, [], block);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<float> scales = stackalloc float[8];
        var extreme = 0f;
        for (var b = 0; b < 8; b++)
        {
            scales[b] = CodebookSearch.FitScale(
                values.Slice(PartWeights * b, PartWeights),
                KQuantSearch.Part(importance, PartWeights * b, PartWeights)
            );
            extreme = MathF.Abs(scales[b]) > MathF.Abs(extreme) ? scales[b] : extreme;
        }

        var d = BlockFields.PutHalf(block, 0, extreme / -32);
        var high = 0;
        for (var b = 0; b < 8; b++)
        {
            var scale = d == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[b] / d), -32, 31);
            var stored = scale + 32;
            block[4 + (b / 2)] |= (byte)((stored & 15) << (4 * (b % 2)));
            high |= stored >> 4 << (2 * b);
            CodebookSearch.PutHalves(
                values.Slice(PartWeights * b, PartWeights),
                CodebookValues.Iq4,
                d * scale,
                block.Slice(8 + (16 * b), 16)
            );
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], (ushort)high);
    }
}
