using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q4_1: d, m, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q4_1 : IBlock32Format
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q4_1Format>(static () => new Block32Family<Q4_1>());

    public static int BlockBytes => Q4_1Format.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second) =>
        Block32Fields.Nibbles(row + 64, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => HalfVectors.Load8(row + 32 + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum,
        Vector256<float> scale,
        Vector256<float> minimum,
        Vector256<float> xScale,
        Vector256<float> xProduct
    ) => (scale * xScale * sum) + (minimum * xProduct);
}
