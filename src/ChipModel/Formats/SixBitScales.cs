namespace TaalasSim.ChipModel.Formats;

/// <summary>Eight 6-bit scales and minima in 12 bytes, as Q4_K and Q5_K pack them.</summary>
internal static class SixBitScales
{
    /// <summary>Scale and minimum of sub-block <paramref name="k"/>.</summary>
    public static (int Scale, int Minimum) Get(ReadOnlySpan<byte> packed, int k) =>
        k < 4
            ? (packed[k] & 63, packed[k + 4] & 63)
            : ((packed[k + 4] & 15) | (packed[k - 4] >> 6 << 4), (packed[k + 4] >> 4) | (packed[k] >> 6 << 4));

    /// <summary>Writes scale and minimum of sub-block <paramref name="k"/>; in the order of k.</summary>
    public static void Put(Span<byte> packed, int k, int scale, int minimum)
    {
        if (k < 4)
        {
            packed[k] |= (byte)scale;
            packed[k + 4] |= (byte)minimum;
            return;
        }

        packed[k + 4] = (byte)((scale & 15) | ((minimum & 15) << 4));
        packed[k - 4] |= (byte)(scale >> 4 << 6);
        packed[k] |= (byte)(minimum >> 4 << 6);
    }

    /// <summary>Sets scales and minima of a block whose first bytes are d, dmin and the packed numbers.</summary>
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockCodes to)
    {
        to.Scale = BlockFields.Half(block, 0);
        to.MinimumScale = BlockFields.Half(block, 2);
        for (var s = 0; s < 8; s++)
        {
            (to.Steps[s], to.MinimumSteps[s]) = Get(block.Slice(4, 12), s);
        }
    }
}
