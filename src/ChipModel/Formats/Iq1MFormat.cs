namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// 256 weights: groups of 8 ternary values that an eighth moves up or down. 0: 32 low code bytes, 32: 16 bytes of nibbles (3-bit code top,
/// sign of the eighth), 48: four u16 of four 3-bit scales, one for 16 weights, whose top nibbles together are d.
/// </summary>
public sealed class Iq1MFormat() : CodebookFormat("iq1_m", 29, 1, 32, 16, 8)
{
    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 56;

    /// <inheritdoc/>
    public override int SubBlock => 16;

    /// <inheritdoc/>
    public override float OutputScale => 0.125f;

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        int s0 = BlockFields.UInt16(block, 48),
            s1 = BlockFields.UInt16(block, 50),
            s2 = BlockFields.UInt16(block, 52),
            s3 = BlockFields.UInt16(block, 54);
        to.Scale = (float)BitConverter.UInt16BitsToHalf((ushort)((s0 >> 12) | ((s1 >> 8) & 0xF0) | ((s2 >> 4) & 0xF00) | (s3 & 0xF000)));
        for (var s = 0; s < 16; s++)
            to.Steps[s] = (2 * ((BlockFields.UInt16(block, 48 + (2 * (s / 4))) >> (3 * (s % 4))) & 7)) + 1;
        for (var group = 0; group < 32; group++)
        {
            var top = block[32 + (group / 2)] >> (4 * (group % 2));
            PutShifted(block[group] | ((top & 7) << 8), (top & 8) != 0, to.Codes[(8 * group)..]);
        }
    }
}
