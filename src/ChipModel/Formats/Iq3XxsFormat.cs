namespace TaalasSim.ChipModel.Formats;

/// <summary>256 weights. 0: d, 2: 64 codes of 4 weights, 66: per 32 weights a u32 of four 7-bit sign codes and a 4-bit scale.</summary>
public sealed class Iq3XxsFormat() : CodebookFormat("iq3_xxs", 18, 3, 2, 96)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 98;

    /// <inheritdoc/>
    public override int SubBlock => 32;

    /// <inheritdoc/>
    public override float OutputScale => 0.25f;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            var packed = BlockFields.UInt32(block, 66 + (4 * ib));
            to.Steps[ib] = (2 * (int)(packed >> 28)) + 1;
            for (var g = 0; g < 8; g++)
                Put(
                    CodebookGrids.Iq3Xxs.Slice(4 * block[2 + (8 * ib) + g], 4),
                    CodebookGrids.Signs(packed >> (7 * (g / 2))) >> (4 * (g % 2)),
                    to.Codes[((32 * ib) + (4 * g))..]
                );
        }
    }
}
