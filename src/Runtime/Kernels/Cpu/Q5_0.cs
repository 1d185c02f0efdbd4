using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q5_0: d, fifth bits, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q5_0 : IBlock32Format
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q5_0Format>(static () => new Block32Family<Q5_0>());

    public static int BlockBytes => Q5_0Format.Bytes;

    public static int Offset => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second) =>
        Block32Fields.FiveBits(row + 32, row + 96, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum,
        Vector256<float> scale,
        Vector256<float> minimum,
        Vector256<float> xScale,
        Vector256<float> xProduct
    ) => sum * (scale * xScale);
}
