using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q6_K: 128 bytes of low nibbles, 64 bytes of high bit pairs, sixteen signed scales, d.</summary>
internal readonly unsafe struct Q6K : IKQuantFormat
{
    [ModuleInitializer]
    internal static void Register() =>
        CpuFamily.Registry.Add<Q6KFormat>(static () => new Avx512KQuantFamily<Q6K, Avx512Q6K, Avx512Gemm<Avx512Q6K>>());

    public static int BlockBytes => Q6KFormat.Bytes;

    public static int Offset => 32;

    public static void Scales(byte* row, KQuantScales* to)
    {
        KQuantDecode.PutHalves(row + (16 * 208), to->Scale);
        for (var half = 0; half < 2; half++)
        for (var k = 0; k < 4; k++)
            KQuantDecode.PutPairScales(Vector256.Load((int*)(row + (16 * 192) + (64 * k) + (32 * half))), half, 2 * k, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ICodeSink
    {
        for (var n = 0; n < 2; n++)
        {
            var first = KQuantDecode.Transpose(row, (16 * n) + group, half);
            var second = KQuantDecode.Transpose(row, (16 * n) + 8 + group, half);
            var high = KQuantDecode.Transpose(row + (16 * 128), (8 * n) + group, half);
            sink.Take(4 * n, first.Bits(0, 15) | high.Bits(-4, 48));
            sink.Take((4 * n) + 1, second.Bits(0, 15) | high.Bits(-2, 48));
            sink.Take((4 * n) + 2, first.Bits(4, 15) | high.Bits(0, 48));
            sink.Take((4 * n) + 3, second.Bits(4, 15) | high.Bits(2, 48));
        }
    }
}
