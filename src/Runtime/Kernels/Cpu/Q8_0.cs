using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q8_0: d, 32 signed bytes; sum · (d · dx).</summary>
internal readonly unsafe struct Q8_0 : IBlock32Format
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<Q8_0Format>(static () => new Block32Family<Q8_0>());

    public static int BlockBytes => Q8_0Format.Bytes;

    public static bool Signed => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
    {
        first = Vector256.Load(row + 32 + (64 * unit) + (32 * half));
        second = Vector256.Load(row + 32 + (64 * (unit + 4)) + (32 * half));
    }

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
