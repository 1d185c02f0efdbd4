using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Q6_K in 512-bit vectors against several vectors. Byte products take one signed side: it is the weights, and the activations are moved up
/// by 128. What that adds depends on the weights alone, so the sums begin below zero by it.
/// </summary>
internal readonly unsafe struct Avx512Q6KCodes : IAvx512Codes
{
    public static int StepBytes => 512;

    public static bool HasMinimum => false;

    public static sbyte* Arranged(Activations x) => x.Lanes;

    public static void Store(byte* row, Avx512Block* to)
    {
        HalfVectors.Load16(row + (16 * 208)).Store(to->Scale);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var bytes = Vector512.Load((int*)(row + (16 * 192) + (64 * quarter)));
            Avx512Lanes.PutScales(to->Scales + (256 * quarter), Avx512Q6KGemv.Words(bytes, 0));
            Avx512Lanes.PutScales(to->Scales + (256 * quarter) + 128, Avx512Q6KGemv.Words(bytes, 1));
        }

        for (var n = 0; n < 2; n++)
        for (var group = 0; group < 2; group++)
            StoreGroup(row + (1024 * n) + (64 * group), row + (16 * 128) + (512 * n) + (64 * group), to, 4 * n, group);
    }

    /// <summary>Four lanes of four sub-blocks.</summary>
    private static void StoreGroup(byte* low, byte* high, Avx512Block* to, int sub, int group)
    {
        Avx512Q6KGemv.Transpose(low, out var a0, out var a1, out var a2, out var a3);
        Avx512Q6KGemv.Transpose(low + 512, out var b0, out var b1, out var b2, out var b3);
        Avx512Q6KGemv.Transpose(high, out var h0, out var h1, out var h2, out var h3);
        Put(to, sub, group, 0, a0, b0, h0);
        Put(to, sub, group, 1, a1, b1, h1);
        Put(to, sub, group, 2, a2, b2, h2);
        Put(to, sub, group, 3, a3, b3, h3);
    }

    /// <summary>Vector r of four sub-blocks.</summary>
    private static void Put(Avx512Block* to, int sub, int group, int r, Vector512<byte> a, Vector512<byte> b, Vector512<byte> h)
    {
        var four = Vector512.Create((byte)15);
        var start = Vector512<int>.Zero;
        Put(to, sub, group, r, (a & four) | Avx512Q6KGemv.Left(h, 4), ref start);
        Put(to, sub + 1, group, r, (b & four) | Avx512Q6KGemv.Left(h, 2), ref start);
        Put(to, sub + 2, group, r, Avx512Q6KGemv.Right(a, 4, 15) | (h & Vector512.Create((byte)48)), ref start);
        Put(to, sub + 3, group, r, Avx512Q6KGemv.Right(b, 4, 15) | Avx512Q6KGemv.Right(h, 2, 48), ref start);
        var place = to->Starts + (64 * group) + (16 * r);
        (Vector512.Load(place) - (start << 7)).Store(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Avx512Block* to, int sub, int group, int r, Vector512<byte> codes, ref Vector512<int> start)
    {
        var weights = (codes - Vector512.Create((byte)32)).AsSByte();
        weights.Store((sbyte*)to->Codes + (512 * sub) + (256 * group) + (64 * r));
        start = Avx512Lanes.Pairs(
            start,
            Avx512BW.MultiplyAddAdjacent(Vector512<byte>.One, weights),
            Vector512.Load(to->Scales + (128 * sub) + (32 * r))
        );
    }

    /// <summary>Four lanes of a sub-block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddGroup(
        byte* codes,
        sbyte* x,
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
        var moved = Avx512F.BroadcastVector128ToVector512((int*)x).AsByte() ^ Vector512.Create((byte)0x80);
        n0 = Avx512Lanes.Pairs(n0, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes)), s0);
        n1 = Avx512Lanes.Pairs(n1, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes + 64)), s1);
        n2 = Avx512Lanes.Pairs(n2, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes + 128)), s2);
        n3 = Avx512Lanes.Pairs(n3, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes + 192)), s3);
    }
}
