using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>TQ1_0: bytes of five ternary digits (the last four of four), d. A byte b stands for b / 256; times three, the next digit is
/// what carries over.</summary>
internal readonly unsafe struct Tq1_0 : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Tq1_0Format>(static () => new SumFamily<Tq1_0, PlainSum>());

    public static int BlockBytes => Tq1_0Format.Bytes;

    public static int BlockWeights => Tq1_0Format.Weights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (52 * 16) + (16 * half)));
        for (var u = 0; u < 8; u++)
            PutDigits(PanelWords.Load(row, u, half), 5, u, 8, to);
        for (var u = 0; u < 4; u++)
            PutDigits(PanelWords.Load(row, 8 + u, half), 5, 40 + u, 4, to);
        PutDigits(PanelWords.Load(row, 12, half), 4, 60, 1, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutDigits<TDot>(Vector256<uint> words, int digits, int unit, int step, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        var b = words.AsByte();
        for (; digits > 0; digits--, unit += step, b += b + b)
        {
            // 3·b reaches 256 from 86 on and 512 from 171 on; a mask is −1.
            Vector256<byte> one = AtLeast(b, 86),
                two = AtLeast(b, 171);
            to.Put(unit, Vector256<byte>.AllBitsSet - one - two);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> AtLeast(Vector256<byte> b, byte bound) => Vector256.Equals(Vector256.Max(b, Vector256.Create(bound)), b);
}
