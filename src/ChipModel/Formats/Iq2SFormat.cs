namespace TaalasSim.ChipModel.Formats;

/// <summary>256 weights. 0: d, 2: 32 low code bytes, 34: 32 bytes of signs, 66: 8 bytes of four 2-bit code tops, 74: 8 bytes of two 4-bit
/// scales, one for 16 weights.</summary>
public sealed class Iq2SFormat() : CodebookFormat("iq2_s", 22, 2, 2, 64, 8, 8)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 82;

    /// <inheritdoc/>
    public override int SubBlock => 16;

    /// <inheritdoc/>
    public override float OutputScale => 0.125f;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        for (var s = 0; s < 16; s++)
            to.Steps[s] = (2 * ((block[74 + (s / 2)] >> (4 * (s % 2))) & 15)) + 1;
        for (var group = 0; group < 32; group++)
        {
            var code = block[2 + group] | ((block[66 + (group / 4)] << (8 - (2 * (group % 4)))) & 0x300);
            Put(CodebookGrids.Iq2S.Slice(8 * code, 8), block[34 + group], to.Codes[(8 * group)..]);
        }
    }
}
