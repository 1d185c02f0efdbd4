using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>AVX-VNNI: unsigned times signed bytes, so signed weights are moved up by 128.</summary>
internal readonly struct VnniDot : IByteDot
{
    public static int SignedBias => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Unsigned(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sum, codes, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Prepare(Vector256<byte> weights) => weights ^ Vector256.Create((byte)0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Signed(Vector256<int> sum, Vector256<byte> prepared, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sum, prepared, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Pairs(Vector256<int> sum, Vector256<short> a, Vector256<short> b) =>
        AvxVnni.MultiplyWideningAndAdd(sum, a, b);
}
