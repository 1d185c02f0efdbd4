using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>Signed integers of 64 bits; never weights.</summary>
public sealed class I64Format() : PlainFormat("i64", 27, 8)
{
    /// <inheritdoc/>
    public override bool HoldsWeights => false;

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
