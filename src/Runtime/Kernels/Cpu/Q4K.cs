using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q4_K: d, dmin, packed scales and minima, 128 bytes of nibbles; unit offsets are sixteen times the block's.</summary>
internal readonly unsafe struct Q4K : IKQuantFormat
{
    public static int BlockBytes => 144;

    public static int Offset => 0;

    public static bool HasMinimum => true;

    public static void Scales(byte* row, KQuantScales* to)
    {
        LaneDecode.PutHalves(row, to->Scale);
        LaneDecode.PutHalves(row + 32, to->Minimum);
        LaneDecode.PutPackedScales(row + 64, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ILaneSink
    {
        for (var j = 0; j < 4; j++)
        {
            var both = LaneDecode.Transpose(row + 256, (8 * j) + group, half);
            sink.Take(2 * j, both.Bits(0, 15));
            sink.Take((2 * j) + 1, both.Bits(4, 15));
        }
    }
}
