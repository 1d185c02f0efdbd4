using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>Steps that the K-quants share in 512-bit vectors: sixteen columns, vector r with the columns r, r + 4, r + 8 and r + 12.</summary>
internal static unsafe class WideLanes
{
    /// <summary>The dwords of the columns of one vector, each on its four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> OnLanes(Vector512<int> columns, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte control) => Avx512F.Shuffle(columns, control).AsInt16();

    /// <summary>sum + Σ₂ a·b of 16-bit pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Pairs(Vector512<int> sum, Vector512<short> a, Vector512<short> b) => sum + Avx512BW.MultiplyAddAdjacent(a, b);

    /// <summary>Adds the integer sums of a group of lanes to the running sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float* to, Vector512<float> scale, Vector512<int> n0, Vector512<int> n1, Vector512<int> n2, Vector512<int> n3)
    {
        Add(to, n0, Avx512F.Permute4x32(scale, 0x00));
        Add(to + 16, n1, Avx512F.Permute4x32(scale, 0x55));
        Add(to + 32, n2, Avx512F.Permute4x32(scale, 0xAA));
        Add(to + 48, n3, Avx512F.Permute4x32(scale, 0xFF));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* to, Vector512<int> sum, Vector512<float> scale) =>
        (Vector512.Load(to) + (scale * Vector512.ConvertToSingle(sum))).Store(to);

    /// <summary>Outputs of sixteen columns out of their running sums: minima, then lane after lane.</summary>
    public static void Finish(float* sums, float* outputs)
    {
        var total = Vector512.Load(sums);
        SumLanes(sums + LaneState.Group(0), ref total);
        SumLanes(sums + LaneState.Group(1), ref total);
        total.Store(outputs);
    }

    /// <summary>Adds four lanes: four vectors of four columns, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLanes(float* v, ref Vector512<float> total)
    {
        Vector512<float> v0 = Vector512.Load(v), v1 = Vector512.Load(v + 16), v2 = Vector512.Load(v + 32), v3 = Vector512.Load(v + 48);
        Vector512<float> a = Avx512F.UnpackLow(v0, v1), b = Avx512F.UnpackLow(v2, v3), c = Avx512F.UnpackHigh(v0, v1), d = Avx512F.UnpackHigh(v2, v3);
        total += Avx512F.Shuffle(a, b, 0x44);
        total += Avx512F.Shuffle(a, b, 0xEE);
        total += Avx512F.Shuffle(c, d, 0x44);
        total += Avx512F.Shuffle(c, d, 0xEE);
    }
}
