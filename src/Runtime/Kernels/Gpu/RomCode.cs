using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Codes of the fabric's formats: a little-endian bit stream of signed codes behind one scale byte.</summary>
internal static class RomCode
{
    /// <summary>Code <paramref name="i"/> of a block, sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(PanelBlock block, int bits, int i)
    {
        int bit = i * bits,
            shift = bit & 31;
        var code = block.Word(1, bit >> 5) >> shift;
        if (shift + bits > 32)
            code |= block.Word(1, (bit >> 5) + 1) << (32 - shift);
        return (int)(code << (32 - bits)) >> (32 - bits);
    }
}
