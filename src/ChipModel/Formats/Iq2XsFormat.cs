namespace TaalasSim.ChipModel.Formats;

/// <summary>256 weights. 0: d, 2: 32 u16 of a 9-bit code and a 7-bit sign code, 66: 8 bytes of two 4-bit scales, one for 16
/// weights.</summary>
public sealed class Iq2XsFormat() : CodebookFormat("iq2_xs", 17, 2, 2, 64, 8)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 74;

    /// <inheritdoc/>
    public override int SubBlock => 16;

    /// <inheritdoc/>
    public override float OutputScale => 0.125f;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        for (var s = 0; s < 16; s++)
            to.Steps[s] = (2 * ((block[66 + (s / 2)] >> (4 * (s % 2))) & 15)) + 1;
        for (var group = 0; group < 32; group++)
        {
            var packed = BlockFields.UInt16(block, 2 + (2 * group));
            Put(CodebookGrids.Iq2Xs.Slice(8 * (packed & 511), 8), CodebookGrids.Signs((uint)packed >> 9), to.Codes[(8 * group)..]);
        }
    }
}
