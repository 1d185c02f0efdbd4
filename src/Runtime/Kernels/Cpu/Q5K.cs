using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q5_K: as Q4_K with 32 bytes of fifth bits before the nibbles.</summary>
internal readonly unsafe struct Q5K : IKQuantFormat
{
    public static int BlockBytes => 176;

    public static int Offset => 0;

    public static bool HasMinimum => true;

    public static void Scales(byte* row, KQuantScales* to) => Q4K.Scales(row, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TSink>(byte* row, int half, int group, ref TSink sink)
        where TSink : struct, ILaneSink
    {
        var high = LaneDecode.Transpose(row + 256, group, half);
        for (var j = 0; j < 4; j++)
        {
            var both = LaneDecode.Transpose(row + 768, (8 * j) + group, half);
            sink.Take(2 * j, both.Bits(0, 15) | high.Bits((2 * j) - 4, 16));
            sink.Take((2 * j) + 1, both.Bits(4, 15) | high.Bits((2 * j) - 3, 16));
        }
    }
}
