using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Seven stored sign bits; the eighth makes the number of minus signs even.</summary>
internal static class EvenSigns
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(uint code)
    {
        code &= 127;
        var parity = code ^ (code >> 4);
        parity ^= parity >> 2;
        return code | (((parity ^ (parity >> 1)) & 1) << 7);
    }
}
