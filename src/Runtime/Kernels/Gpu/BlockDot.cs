using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Integer products of a block's codes with activations, four to an instruction.</summary>
internal static class BlockDot
{
    private const uint Ones = 0x01010101;

    private const uint Tops = 0x80808080;

    /// <summary>Σ (code − offset) · activation over <paramref name="quads"/> times four inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of<T>(PanelBlock block, DeviceVectors x, long input, int from, int quads)
        where T : unmanaged, IIntegerFormat
    {
        var sum = 0;
        // Neither compiler unrolls these loops, so that the loads of four products are written side by side to be under way together.
        var q = from;
        for (; q + 3 < from + quads; q += 4)
        {
            uint c0 = Codes<T>(block, q),
                c1 = Codes<T>(block, q + 1),
                c2 = Codes<T>(block, q + 2),
                c3 = Codes<T>(block, q + 3),
                a0 = x.Codes[(input / 4) + q],
                a1 = x.Codes[(input / 4) + q + 1],
                a2 = x.Codes[(input / 4) + q + 2],
                a3 = x.Codes[(input / 4) + q + 3];
            sum = PtxArithmetic.ByteDot(c0, a0, sum);
            sum = PtxArithmetic.ByteDot(c1, a1, sum);
            sum = PtxArithmetic.ByteDot(c2, a2, sum);
            sum = PtxArithmetic.ByteDot(c3, a3, sum);
        }

        for (; q < from + quads; q++)
            sum = PtxArithmetic.ByteDot(Codes<T>(block, q), x.Codes[(input / 4) + q], sum);
        return sum;
    }

    /// <summary>Codes less the offset, one signed byte each. With an offset codes are below 128, so that no byte borrows from the
    /// next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Codes<T>(PanelBlock block, int q)
        where T : unmanaged, IIntegerFormat
    {
        var codes = T.Quad(block, q);
        return T.Offset == 0 ? codes : ((codes | Tops) - ((uint)T.Offset * Ones)) ^ Tops;
    }

    /// <summary>sum + code · activation of input <paramref name="i"/> of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int One(uint codes, uint activations, int i, int sum) =>
        PtxArithmetic.ByteDot(codes & (0xFFu << (8 * i)), activations, sum);
}
