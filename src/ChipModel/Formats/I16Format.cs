using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>Signed integers of 16 bits; never weights.</summary>
public sealed class I16Format() : PlainFormat("i16", 25, 2)
{
    /// <inheritdoc/>
    public override bool HoldsWeights => false;

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes);
}
