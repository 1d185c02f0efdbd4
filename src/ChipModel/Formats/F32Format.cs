using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TaalasSim.ChipModel.Formats;

/// <summary>IEEE binary32.</summary>
public sealed class F32Format() : PlainFormat("f32", 0, Bytes), IBlockEncoder
{
    /// <summary>Bytes of a number.</summary>
    public const int Bytes = 4;

    /// <inheritdoc/>
    public override bool IsFloat => true;

    /// <inheritdoc/>
    public override IReadOnlyList<FileTypeName> FileTypes => [new("f32", 0, Mixed: false, Place: 0)];

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleLittleEndian(bytes);

    /// <inheritdoc/>
    public void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => MemoryMarshal.AsBytes(values).CopyTo(block);

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, float columnScale, Span<float> values) =>
        MemoryMarshal.Cast<byte, float>(block).CopyTo(values);
}
