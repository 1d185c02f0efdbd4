using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>IEEE binary64. The reference has no product for it.</summary>
public sealed class F64Format() : PlainFormat("f64", 28, 8)
{
    /// <inheritdoc/>
    public override bool IsFloat => true;

    /// <inheritdoc/>
    public override bool HasProduct => false;

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes);
}
