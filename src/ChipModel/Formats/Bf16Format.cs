using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TaalasSim.ChipModel.Formats;

/// <summary>The upper half of an IEEE binary32.</summary>
public sealed class Bf16Format() : PlainFormat("bf16", 30, Bytes), IBlockEncoder
{
    /// <summary>Bytes of a number.</summary>
    public const int Bytes = 2;

    /// <inheritdoc/>
    public override bool IsFloat => true;

    /// <inheritdoc/>
    public override ActivationKind Activations => ActivationKind.Bf16;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("bf16", 32, Mixed: false, Place: 2)];

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) =>
        BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16);

    /// <summary>To nearest, ties to even; a NaN keeps its sign and is made quiet.</summary>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var upper = MemoryMarshal.Cast<byte, ushort>(block);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            upper[i] = (ushort)(float.IsNaN(values[i]) ? (bits >> 16) | 64 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
