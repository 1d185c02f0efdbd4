namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>Codes of the fabric's formats: a little-endian bit stream of signed codes behind one scale byte.</summary>
internal static unsafe class RomCodes
{
    /// <summary>Code <paramref name="i"/> of a block, sign-extended.</summary>
    public static int Code(byte* block, int bits, int i)
    {
        var bit = i * bits;
        int low = block[1 + (bit >> 3)],
            shift = bit & 7;
        var two = shift + bits > 8 ? low | (block[2 + (bit >> 3)] << 8) : low;
        return two << (32 - bits - shift) >> (32 - bits);
    }
}
