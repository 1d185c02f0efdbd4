using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Q4_K and Q5_K in 512-bit vectors. Weights are brought together in pairs of one lane; the products of two sub-blocks are brought together
/// after the multiplication, so that one multiplication scales both.
/// </summary>
internal readonly unsafe struct Avx512Gemv<TFormat> : IKQuantGemv
    where TFormat : struct, IPackedFormat
{
    public static void Add(byte* row, Activations x, long sub, float* sums)
    {
        var scales = new PackedScales(row + 64);
        var xSums = (int*)(x.Sums32 + sub);
        var isum = Vector512<int>.Zero;
        Vector512<int> n0 = isum,
            n1 = n0,
            n2 = n0,
            n3 = n0,
            m0 = n0,
            m1 = n0,
            m2 = n0,
            m3 = n0;
        var next = row + (32 * TFormat.BlockBytes);
        var couples = x.Couples + (sub * 32);
        for (var j = 0; j < 4; j++, couples += 64, next += 4 * TFormat.BlockBytes)
        {
            CodeFetch.Fetch(next, 4 * TFormat.BlockBytes);
            isum = Avx512Sums.Pairs(isum, scales.Minima(j).AsInt16(), Vector512.Create(xSums[j]).AsInt16());
            var pair = scales.Scales(j);
            Vector512<short> s0 = Avx512Sums.OnLanes(pair, 0x00),
                s1 = Avx512Sums.OnLanes(pair, 0x55),
                s2 = Avx512Sums.OnLanes(pair, 0xAA),
                s3 = Avx512Sums.OnLanes(pair, 0xFF);
            AddGroup(row, j, 0, couples, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            AddGroup(row, j, 1, couples + 16, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
        }

        var dx = Vector512.Create(x.Scales[sub / 8]);
        (Vector512.Load(sums) - (HalfVectors.Load16(row + 32) * dx * Vector512.ConvertToSingle(isum))).Store(sums);
        var scale = HalfVectors.Load16(row) * dx;
        Avx512Sums.Add(sums + KQuantState.Group(0), scale, n0, n1, n2, n3);
        Avx512Sums.Add(sums + KQuantState.Group(1), scale, m0, m1, m2, m3);
    }

    /// <summary>Four lanes of two sub-blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(
        byte* row,
        int pair,
        int group,
        sbyte* couples,
        Vector512<short> s0,
        Vector512<short> s1,
        Vector512<short> s2,
        Vector512<short> s3,
        ref Vector512<int> n0,
        ref Vector512<int> n1,
        ref Vector512<int> n2,
        ref Vector512<int> n3
    )
    {
        PackedCouples.Read<TFormat>(row, pair, group, out var first, out var second);
        Products(first, couples, out var low, out var lowUpper);
        Products(second, couples + 32, out var other, out var otherUpper);
        n0 = Avx512Sums.Pairs(n0, Avx512BW.UnpackLow(low, other), s0);
        n1 = Avx512Sums.Pairs(n1, Avx512BW.UnpackHigh(low, other), s1);
        n2 = Avx512Sums.Pairs(n2, Avx512BW.UnpackLow(lowUpper, otherUpper), s2);
        n3 = Avx512Sums.Pairs(n3, Avx512BW.UnpackHigh(lowUpper, otherUpper), s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(in PackedCouples codes, sbyte* couples, out Vector512<short> lower, out Vector512<short> upper)
    {
        Vector512<sbyte> first = Broadcast(couples),
            second = Broadcast(couples + 8);
        lower = Avx512BW.MultiplyAddAdjacent(codes.A, first) + Avx512BW.MultiplyAddAdjacent(codes.C, second);
        upper = Avx512BW.MultiplyAddAdjacent(codes.B, first) + Avx512BW.MultiplyAddAdjacent(codes.D, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Broadcast(sbyte* four) => Vector512.Create(*(long*)four).AsSByte();
}
