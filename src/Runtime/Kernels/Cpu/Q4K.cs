using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q4_K: d, dmin, packed scales and minima, 128 bytes of nibbles; unit offsets are sixteen times the block's.</summary>
internal readonly unsafe struct Q4K : IPackedFormat
{
    [ModuleInitializer]
    internal static void Register() =>
        CpuFamily.Registry.Add<Q4KFormat>(static () => new Avx512KQuantFamily<Q4K, Avx512Gemv<Q4K>, Avx512Gemm<Avx512PackedCodes<Q4K>>>());

    public static int BlockBytes => Q4KFormat.Bytes;

    public static bool HasMinimum => true;

    public static int Nibbles => 16;

    public static void Scales(byte* row, KQuantScales* to) => KQuantDecode.PutPackedHeader(row, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ICodeSink
    {
        for (var j = 0; j < 4; j++)
        {
            var both = KQuantDecode.Transpose(row + 256, (8 * j) + group, half);
            sink.Take(2 * j, both.Bits(0, 15));
            sink.Take((2 * j) + 1, both.Bits(4, 15));
        }
    }
}
