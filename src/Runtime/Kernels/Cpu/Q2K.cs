using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q2_K: 16 bytes of four-bit scales and minima, one per 16 weights, 64 bytes of bit pairs, d, scale of the minima.</summary>
internal readonly unsafe struct Q2K : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q2KFormat>(static () => new SumFamily<Q2K, MinimaSum>());

    public static int BlockBytes => Q2KFormat.Bytes;

    public static int BlockWeights => Q2KFormat.Weights;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (80 * 16) + (16 * half)));
        to.PutMinimum(HalfVectors.Load8(row + (82 * 16) + (16 * half)));
        for (var u = 0; u < 4; u++)
        {
            var both = PanelWords.Load(row, u, half);
            to.PutScale(4 * u, PanelWords.Field(both, 0, 15));
            to.PutScale((4 * u) + 1, PanelWords.Field(both, 8, 15));
            to.PutScale((4 * u) + 2, PanelWords.Field(both, 16, 15));
            to.PutScale((4 * u) + 3, PanelWords.Field(both, 24, 15));
            to.PutMinima(2 * u, PanelWords.Field(both, 4, 0xF) | ((both << 4) & Vector256.Create(0xF0000u)));
            to.PutMinima((2 * u) + 1, PanelWords.Field(both, 20, 0xF) | ((both >>> 12) & Vector256.Create(0xF0000u)));
        }

        BitPairs.Put(row + (16 * 16), half, Vector256<byte>.Zero, to);
    }
}
