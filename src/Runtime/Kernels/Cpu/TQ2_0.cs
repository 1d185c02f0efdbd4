using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>TQ2_0: 64 bytes of bit pairs (less 1), d.</summary>
internal readonly unsafe struct TQ2_0 : ISumFormat
{
    public static int BlockBytes => 66;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (64 * 16) + (16 * half)));
        Q2K.PutPairs(row, half, Vector256<byte>.One, to);
    }
}
