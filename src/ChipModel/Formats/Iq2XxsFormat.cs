namespace TaalasSim.ChipModel.Formats;

/// <summary>256 weights. 0: d, 2: per 32 weights four 8-bit codes, then a u32 of four 7-bit sign codes and a 4-bit scale.</summary>
public sealed class Iq2XxsFormat() : CodebookFormat("iq2_xxs", 16, 2, 2, 64)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 66;

    /// <inheritdoc/>
    public override int SubBlock => 32;

    /// <inheritdoc/>
    public override float OutputScale => 0.125f;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = BlockFields.UInt32(block, 6 + (8 * ib));
            to.Steps[ib] = (2 * (int)(packed >> 28)) + 1;
            for (var l = 0; l < 4; l++)
                Put(
                    CodebookGrids.Iq2Xxs.Slice(8 * block[2 + (8 * ib) + l], 8),
                    CodebookGrids.Signs(packed >> (7 * l)),
                    to.Codes[((32 * ib) + (8 * l))..]
                );
        }
    }
}
