using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>TQ2_0: 64 bytes of bit pairs (less 1), d.</summary>
internal readonly unsafe struct Tq2_0 : ISumFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Tq2_0Format>(static () => new SumFamily<Tq2_0, PlainSum>());

    public static int BlockBytes => Tq2_0Format.Bytes;

    public static int BlockWeights => Tq2_0Format.Weights;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (64 * 16) + (16 * half)));
        BitPairs.Put(row, half, Vector256<byte>.One, to);
    }
}
