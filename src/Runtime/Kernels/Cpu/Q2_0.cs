using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q2_0: d, 16 bytes of four neighbouring bit pairs (less 1).</summary>
internal readonly unsafe struct Q2_0 : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q2_0Format>(static () => new SumFamily<Q2_0, NestedTerms>());

    public static int BlockBytes => Q2_0Format.Bytes;

    public static int BlockWeights => Q2_0Format.Weights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var u = 0; u < 4; u++)
        {
            var pairs = PanelWords.Load(row + 32, u, half);
            Put(PanelWords.Field(pairs, 0, 255), 4 * u, to);
            Put(PanelWords.Field(pairs, 8, 255), (4 * u) + 1, to);
            Put(PanelWords.Field(pairs, 16, 255), (4 * u) + 2, to);
            Put(pairs >>> 24, (4 * u) + 3, to);
        }
    }

    /// <summary>Bit pair i of each lane's byte to byte i: copies 6, 12 and 18 bits up, of which the pairs are kept that lie
    /// right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TDot>(Vector256<uint> pairs, int unit, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        pairs |= pairs << 12;
        pairs |= pairs << 6;
        to.Put(unit, PanelWords.Bits(pairs, 0, 3) - Vector256<byte>.One);
    }
}
