using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>Signed integers of 32 bits; never weights.</summary>
public sealed class I32Format() : PlainFormat("i32", 26, 4)
{
    /// <inheritdoc/>
    public override bool HoldsWeights => false;

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
}
