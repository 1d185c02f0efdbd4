using System.Buffers.Binary;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Tests.Formats;

/// <summary>A block format that no other file knows: 32 codes of 0 to 5 in nibbles, less 2.5 in units of half a scale.</summary>
internal sealed class SixLevelFormat() : IntegerFormat("six_level", 200, 3, 32, 16, 2), IBlockEncoder
{
    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Q8_0;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("six_level", 200, Mixed: false, Place: 100)];

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 16));
        for (var i = 0; i < 32; i++)
            to.Codes[i] = (sbyte)((2 * ((block[i / 2] >> (4 * (i % 2))) & 15)) - 5);
    }

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = MathF.Max(largest, MathF.Abs(x));
        var scale = (Half)(largest / 5);
        BinaryPrimitives.WriteHalfLittleEndian(block[16..], scale);
        for (var i = 0; i < 32; i++)
        {
            var code = scale == Half.Zero ? 2 : (int)Math.Clamp(MathF.Round(((values[i] / (float)scale) + 5) / 2), 0, 5);
            block[i / 2] |= (byte)(code << (4 * (i % 2)));
        }
    }
}
