using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Weights of two bits.</summary>
internal static unsafe class BitPairs
{
    /// <summary>64 bytes of bit pairs, each less <paramref name="offset"/>: the pairs at one place of 32 bytes belong to 32
    /// neighbours.</summary>
    public static void Put<TDot>(byte* field, int half, Vector256<byte> offset, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        for (var u = 0; u < 16; u++)
        {
            var pairs = PanelWords.Load(field, u, half);
            var first = (32 * (u / 8)) + (u % 8);
            to.Put(first, PanelWords.Bits(pairs, 0, 3) - offset);
            to.Put(first + 8, PanelWords.Bits(pairs, 2, 3) - offset);
            to.Put(first + 16, PanelWords.Bits(pairs, 4, 3) - offset);
            to.Put(first + 24, PanelWords.Bits(pairs, 6, 3) - offset);
        }
    }
}
