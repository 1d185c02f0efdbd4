namespace TaalasSim.ChipModel.Formats;

/// <summary>Activations of 32 values. 0: d, 2: d times the sum of the codes, 4: 32 signed bytes; value code · d. Never in files.</summary>
public sealed class Q8_1Format() : IntegerFormat("q8_1", 9, 8, 32, 2, 2, 32)
{
    /// <inheritdoc/>
    public override bool HoldsWeights => false;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.ScaleFirst;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BlockFields.Half(block, 0));
        BlockFields.SignedBytes(block[4..], to.Codes);
    }
}
