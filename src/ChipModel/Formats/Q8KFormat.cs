using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>Activations of 256 values. 0: d as binary32, 4: 256 signed bytes, 260: 16 sums of 16 codes as i16. Never in files.</summary>
public sealed class Q8KFormat() : IntegerFormat("q8_k", 15, 8, 256, 4, 256, 32)
{
    /// <inheritdoc/>
    public override bool HoldsWeights => false;

    /// <inheritdoc/>
    public override SumOrder Order => SumOrder.OneSum;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.SetScale(BinaryPrimitives.ReadSingleLittleEndian(block));
        BlockFields.SignedBytes(block.Slice(4, 256), to.Codes);
    }
}
