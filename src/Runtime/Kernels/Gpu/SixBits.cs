using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The twelve bytes of eight six-bit scales and minima of Q4_K and Q5_K.</summary>
internal static class SixBits
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Scale(PanelBlock block, int s) =>
        s < 4 ? block.Byte(4, s) & 63 : (block.Byte(4, s + 4) & 15) | ((block.Byte(4, s - 4) >> 6) << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Minimum(PanelBlock block, int s) =>
        s < 4 ? block.Byte(4, s + 4) & 63 : (block.Byte(4, s + 4) >> 4) | ((block.Byte(4, s) >> 6) << 4);
}
