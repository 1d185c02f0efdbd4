using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>MXFP4: power-of-two scale, 16 bytes of nibbles that pick from twice the E2M1 values.</summary>
internal readonly unsafe struct MxFp4 : IBlock32Format
{
    [ModuleInitializer]
    internal static void Register() => CpuFamily.Registry.Add<MxFp4Format>(static () => new Block32Family<MxFp4>());

    public static int BlockBytes => MxFp4Format.Bytes;

    public static bool Signed => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second) =>
        Block32Fields.Lookup(
            row + 16,
            half,
            unit,
            Vector128.Create(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12),
            out first,
            out second
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => PowerOfTwo(row + (8 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum,
        Vector256<float> scale,
        Vector256<float> minimum,
        Vector256<float> xScale,
        Vector256<float> xProduct
    ) => sum * (scale * xScale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(byte* at)
    {
        var wide = Avx2.ConvertToVector256Int32(at);
        var small = Vector256.Create(0x00200000);
        small = Vector256.ConditionalSelect(Vector256.Equals(wide, Vector256<int>.Zero), small, small << 1);
        return Vector256
            .ConditionalSelect(Vector256.LessThan(wide, Vector256.Create(2)), small, (wide - Vector256<int>.One) << 23)
            .AsSingle();
    }
}
