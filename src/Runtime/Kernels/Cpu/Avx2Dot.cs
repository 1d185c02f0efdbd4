using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>AVX2: pairs of byte products saturate at 16 bits, so signed weights move their sign to x: |w| ≤ 128 and |x| ≤ 127 stay below
/// it.</summary>
internal readonly struct Avx2Dot : IByteDot
{
    public static int SignedBias => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Unsigned(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, x), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Prepare(Vector256<byte> weights) => weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Signed(Vector256<int> sum, Vector256<byte> prepared, Vector256<sbyte> x)
    {
        var w = prepared.AsSByte();
        return Unsigned(sum, Avx2.Abs(w), Avx2.Sign(x, w));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Pairs(Vector256<int> sum, Vector256<short> a, Vector256<short> b) => sum + Avx2.MultiplyAddAdjacent(a, b);
}
