using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Steps that the K-quants share in 512-bit vectors: sixteen columns, vector r with the columns r, r + 4, r + 8 and r +
/// 12.</summary>
internal static unsafe class Avx512Sums
{
    /// <summary>The dwords of the columns of one vector, each on its four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> OnLanes(Vector512<int> columns, [System.Diagnostics.CodeAnalysis.ConstantExpected] byte control) =>
        Avx512F.Shuffle(columns, control).AsInt16();

    /// <summary>Pairs of scales of sixteen columns, spread to the four vectors.</summary>
    public static void PutScales(short* place, Vector512<int> pairs)
    {
        OnLanes(pairs, 0x00).Store(place);
        OnLanes(pairs, 0x55).Store(place + 32);
        OnLanes(pairs, 0xAA).Store(place + 64);
        OnLanes(pairs, 0xFF).Store(place + 96);
    }

    /// <summary>sum + Σ₂ a·b of 16-bit pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Pairs(Vector512<int> sum, Vector512<short> a, Vector512<short> b) =>
        sum + Avx512BW.MultiplyAddAdjacent(a, b);

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
}
