using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Integer sums of four lanes of eight columns, two columns a vector, against one vector of activations.</summary>
/// <param name="scales">[sub-block of 32][r][16] of the half; see <see cref="Avx2Block.Scales"/>.</param>
/// <param name="lanes">The block's activations from the group's first lane; see <see cref="Activations.Lanes"/>.</param>
/// <param name="pairs">Sums of neighbours of <paramref name="lanes"/>.</param>
internal unsafe struct MultiplyingSink<TFormat, TDot>(short* scales, sbyte* lanes, short* pairs) : ICodeSink
    where TFormat : struct, IKQuantFormat
    where TDot : struct, IByteDot
{
    public Vector256<int> N0 = Vector256<int>.Zero;
    public Vector256<int> N1 = Vector256<int>.Zero;
    public Vector256<int> N2 = Vector256<int>.Zero;
    public Vector256<int> N3 = Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(int sub, in KQuantDecode.Columns codes)
    {
        var x = Avx2.BroadcastVector128ToVector256(lanes + (32 * sub));
        var excess = Vector256<short>.Zero;
        if (TFormat.Offset != 0)
            excess = Avx2.BroadcastVector128ToVector256(pairs + (16 * sub)) * Vector256.Create((short)TFormat.Offset);
        var s = scales + (64 * sub);
        N0 = Step(N0, codes.C0, x, excess, Vector256.Load(s));
        N1 = Step(N1, codes.C1, x, excess, Vector256.Load(s + 16));
        N2 = Step(N2, codes.C2, x, excess, Vector256.Load(s + 32));
        N3 = Step(N3, codes.C3, x, excess, Vector256.Load(s + 48));
    }

    /// <summary>Adds the scaled products of two columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Step(
        Vector256<int> sum,
        Vector256<byte> codes,
        Vector256<sbyte> x,
        Vector256<short> excess,
        Vector256<short> scales
    )
    {
        var products = Avx2.MultiplyAddAdjacent(codes, x);
        if (TFormat.Offset != 0)
            products -= excess;
        return TDot.Pairs(sum, products, scales);
    }
}
