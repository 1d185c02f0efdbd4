using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q6_K: 128 bytes of low nibbles, 64 bytes of high bit pairs, sixteen signed scales, d.</summary>
internal readonly unsafe struct Q6K : IKQuantFormat
{
    public static int BlockBytes => 210;

    public static int Offset => 32;

    public static bool HasMinimum => false;

    public static void Scales(byte* row, KQuantScales* to)
    {
        LaneDecode.PutHalves(row + (16 * 208), to->Scale);
        for (var half = 0; half < 2; half++)
        for (var k = 0; k < 4; k++)
            LaneDecode.PutPairScales(Vector256.Load((int*)(row + (16 * 192) + (64 * k) + (32 * half))), half, 2 * k, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ILaneSink
    {
        for (var n = 0; n < 2; n++)
        {
            var first = LaneDecode.Transpose(row, (16 * n) + group, half);
            var second = LaneDecode.Transpose(row, (16 * n) + 8 + group, half);
            var high = LaneDecode.Transpose(row + (16 * 128), (8 * n) + group, half);
            sink.Take(4 * n, first.Bits(0, 15) | high.Bits(-4, 48));
            sink.Take((4 * n) + 1, second.Bits(0, 15) | high.Bits(-2, 48));
            sink.Take((4 * n) + 2, first.Bits(4, 15) | high.Bits(0, 48));
            sink.Take((4 * n) + 3, second.Bits(4, 15) | high.Bits(2, 48));
        }
    }
}
