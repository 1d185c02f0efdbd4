namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights: groups of 8 ternary values that an eighth moves up or down. 0: d, 2: 32 low code bytes, 34: per 32 weights a u16 of four
/// 3-bit code tops, a 3-bit scale and the sign of the eighth.
/// </summary>
public sealed class Iq1SFormat() : CodebookFormat("iq1_s", 19, 1, 2, 32, 16)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 50;

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
            var packed = BlockFields.UInt16(block, 34 + (2 * ib));
            to.Steps[ib] = (2 * ((packed >> 12) & 7)) + 1;
            for (var l = 0; l < 4; l++)
            {
                var code = block[2 + (4 * ib) + l] | (((packed >> (3 * l)) & 7) << 8);
                PutShifted(code, (packed & 0x8000) != 0, to.Codes[((32 * ib) + (8 * l))..]);
            }
        }
    }
}
