using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q1_0: d, 128 bits: weights of 1 and −1.</summary>
internal readonly unsafe struct Q1_0 : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q1_0Format>(static () => new SumFamily<Q1_0, NestedTerms>());

    public static int BlockBytes => Q1_0Format.Bytes;

    public static int BlockWeights => Q1_0Format.Weights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 4; part++)
        {
            var bits = PanelWords.Load(row + 32, part, half);
            Put(PanelWords.Spread(bits, 0), 8 * part, to);
            Put(PanelWords.Spread(bits, 1), (8 * part) + 2, to);
            Put(PanelWords.Spread(bits, 2), (8 * part) + 4, to);
            Put(PanelWords.Spread(bits, 3), (8 * part) + 6, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TDot>(Vector256<byte> bits, int unit, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        // A set bit's mask is −1: its negative is 1; an unset bit's zero becomes −1.
        to.Put(unit, (PanelWords.Test(bits, 0x08040201) & Vector256.Create((byte)2)) - Vector256<byte>.One);
        to.Put(unit + 1, (PanelWords.Test(bits, 0x80402010) & Vector256.Create((byte)2)) - Vector256<byte>.One);
    }
}
