using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q4_0: d, 16 bytes of nibbles; (sum · d) · dx.</summary>
internal readonly unsafe struct Q4_0 : IBlock32Format
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q4_0Format>(static () => new Block32Family<Q4_0>());

    public static int BlockBytes => Q4_0Format.Bytes;

    public static int Offset => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second) =>
        Block32Fields.Nibbles(row + 32, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum,
        Vector256<float> scale,
        Vector256<float> minimum,
        Vector256<float> xScale,
        Vector256<float> xProduct
    ) => sum * scale * xScale;
}
