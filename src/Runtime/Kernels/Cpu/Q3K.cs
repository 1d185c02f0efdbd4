using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q3_K: 32 bytes of high bits, 64 bytes of low bit pairs, packed six-bit scales (less 32), d.</summary>
internal readonly unsafe struct Q3K : IKQuantFormat
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q3KFormat>(static () => new KQuantFamily<Q3K>());

    public static int BlockBytes => Q3KFormat.Bytes;

    public static int Offset => 4;

    public static void Scales(byte* row, KQuantScales* to)
    {
        KQuantDecode.PutHalves(row + (16 * 108), to->Scale);
        for (var half = 0; half < 2; half++)
            PutScales(row + (16 * 96) + (32 * half), half, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ICodeSink
    {
        var high = KQuantDecode.Transpose(row, group, half);
        for (var n = 0; n < 2; n++)
        {
            var low = KQuantDecode.Transpose(row + (16 * 32), (8 * n) + group, half);
            for (var j = 0; j < 4; j++)
                sink.Take((4 * n) + j, low.Bits(2 * j, 3) | high.Bits((4 * n) + j - 2, 4));
        }
    }

    private static void PutScales(byte* at, int half, KQuantScales* to)
    {
        Vector256<int> four = Vector256.Create(0x0F0F0F0F),
            two = Vector256.Create(0x03030303);
        Vector256<int> u0 = Vector256.Load((int*)at),
            u1 = Vector256.Load((int*)(at + 64)),
            u2 = Vector256.Load((int*)(at + 128));
        Put((u0 & four) | ((u2 & two) << 4), half, 0, to);
        Put((u1 & four) | (((u2 >>> 2) & two) << 4), half, 2, to);
        Put(((u0 >>> 4) & four) | (((u2 >>> 4) & two) << 4), half, 4, to);
        Put(((u1 >>> 4) & four) | (((u2 >>> 6) & two) << 4), half, 6, to);
    }

    private static void Put(Vector256<int> scales, int half, int first, KQuantScales* to) =>
        KQuantDecode.PutPairScales((scales.AsSByte() - Vector256.Create((sbyte)32)).AsInt32(), half, first, to);
}
