namespace TaalasSim.ChipModel.Formats;

/// <summary>256 weights. 0: d, 2: 64 low code bytes, 66: 8 bytes of ninth bits, 74: 32 bytes of signs, 106: 4 bytes of two 4-bit scales,
/// one for 32 weights.</summary>
public sealed class Iq3SFormat() : CodebookFormat("iq3_s", 21, 3, 2, 64, 8, 32, 4)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 110;

    /// <inheritdoc/>
    public override int SubBlock => 32;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        for (var ib = 0; ib < 8; ib++)
        {
            to.Steps[ib] = (2 * ((block[106 + (ib / 2)] >> (4 * (ib % 2))) & 15)) + 1;
            for (var g = 0; g < 8; g++)
            {
                var code = block[2 + (8 * ib) + g] | (((block[66 + ib] >> g) & 1) << 8);
                var signs = block[74 + (4 * ib) + (g / 2)] >> (4 * (g % 2));
                Put(CodebookGrids.Iq3S.Slice(4 * code, 4), signs, to.Codes[((32 * ib) + (4 * g))..]);
            }
        }
    }
}
