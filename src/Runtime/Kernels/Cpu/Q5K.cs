using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q5_K: as Q4_K with 32 bytes of fifth bits before the nibbles.</summary>
internal readonly unsafe struct Q5K : IPackedFormat
{
    [ModuleInitializer]
    internal static void Register() =>
        CpuFamily.Registry.Add<Q5KFormat>(static () => new Avx512KQuantFamily<Q5K, Avx512Gemv<Q5K>, Avx512Gemm<Avx512PackedCodes<Q5K>>>());

    public static int BlockBytes => Q5KFormat.Bytes;

    public static bool HasMinimum => true;

    public static int FifthBits => 16;

    public static int Nibbles => 48;

    public static void Scales(byte* row, KQuantScales* to) => KQuantDecode.PutPackedHeader(row, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ICodeSink
    {
        var high = KQuantDecode.Transpose(row + 256, group, half);
        for (var j = 0; j < 4; j++)
        {
            var both = KQuantDecode.Transpose(row + 768, (8 * j) + group, half);
            sink.Take(2 * j, both.Bits(0, 15) | high.Bits((2 * j) - 4, 16));
            sink.Take((2 * j) + 1, both.Bits(4, 15) | high.Bits((2 * j) - 3, 16));
        }
    }
}
