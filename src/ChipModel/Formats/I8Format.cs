namespace TaalasSim.ChipModel.Formats;

/// <summary>Signed bytes; never weights.</summary>
public sealed class I8Format() : PlainFormat("i8", 24, 1)
{
    /// <inheritdoc/>
    public override bool HoldsWeights => false;

    /// <inheritdoc/>
    public override float Weight(ReadOnlySpan<byte> bytes) => (sbyte)bytes[0];
}
