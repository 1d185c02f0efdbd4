using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// Q6_K in 512-bit vectors against several vectors. Byte products take one signed side: it is the weights, and the activations are moved up by 128. What that adds depends
/// on the weights alone, so the sums begin below zero by it.
/// </summary>
internal readonly unsafe struct WideQ6KRows : ILaneRows
{
    public static int BlockBytes => sizeof(WideLaneBlock);

    public static void Store(byte* row, void* block)
    {
        var to = (WideLaneBlock*)block;
        HalfVectors.Load16(row + (16 * 208)).Store(to->Scale);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var bytes = Vector512.Load((int*)(row + (16 * 192) + (64 * quarter)));
            PutScales(to, 2 * quarter, WideQ6KRow.Words(bytes, 0));
            PutScales(to, (2 * quarter) + 1, WideQ6KRow.Words(bytes, 1));
        }

        new Span<int>(to->Starts, 128).Clear();
        for (var n = 0; n < 2; n++)
        for (var group = 0; group < 2; group++)
            StoreGroup(row + (1024 * n) + (64 * group), row + (16 * 128) + (512 * n) + (64 * group), to, 4 * n, group);
    }

    public static void AddTwo(void* block, Activations x, long sub, float* sums)
    {
        var w = (WideLaneBlock*)block;
        nint stride = x.Inputs;
        int* starts = w->Starts;
        Vector512<int> n0 = Vector512.Load(starts), n1 = Vector512.Load(starts + 16), n2 = Vector512.Load(starts + 32), n3 = Vector512.Load(starts + 48);
        Vector512<int> m0 = Vector512.Load(starts + 64), m1 = Vector512.Load(starts + 80), m2 = Vector512.Load(starts + 96), m3 = Vector512.Load(starts + 112);
        Vector512<int> o0 = n0, o1 = n1, o2 = n2, o3 = n3, p0 = m0, p1 = m1, p2 = m2, p3 = m3;
        var codes = w->Codes;
        var lanes = x.Lanes + (sub * 32);
        var scales = w->Scales;
        for (var end = codes + 4096; codes < end; codes += 512, lanes += 32, scales += 128)
        {
            Vector512<short> s0 = Vector512.Load(scales), s1 = Vector512.Load(scales + 32), s2 = Vector512.Load(scales + 64), s3 = Vector512.Load(scales + 96);
            AddGroup(codes, lanes, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            AddGroup(codes, lanes + stride, s0, s1, s2, s3, ref o0, ref o1, ref o2, ref o3);
            AddGroup(codes + 256, lanes + 16, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
            AddGroup(codes + 256, lanes + stride + 16, s0, s1, s2, s3, ref p0, ref p1, ref p2, ref p3);
        }

        End(w, x, sub, sums, n0, n1, n2, n3, m0, m1, m2, m3);
        End(w, x, sub + (stride / 32), sums + LaneState.Floats, o0, o1, o2, o3, p0, p1, p2, p3);
    }

    public static void Finish(float* sums, float* outputs) => WideLanes.Finish(sums, outputs);

    /// <summary>Scales of a sub-block: of its first and its last sixteen weights.</summary>
    private static void PutScales(WideLaneBlock* to, int sub, Vector512<int> pairs)
    {
        var place = to->Scales + (128 * sub);
        WideLanes.OnLanes(pairs, 0x00).Store(place);
        WideLanes.OnLanes(pairs, 0x55).Store(place + 32);
        WideLanes.OnLanes(pairs, 0xAA).Store(place + 64);
        WideLanes.OnLanes(pairs, 0xFF).Store(place + 96);
    }

    /// <summary>Four lanes of four sub-blocks.</summary>
    private static void StoreGroup(byte* low, byte* high, WideLaneBlock* to, int sub, int group)
    {
        WideQ6KRow.Transpose(low, out var a0, out var a1, out var a2, out var a3);
        WideQ6KRow.Transpose(low + 512, out var b0, out var b1, out var b2, out var b3);
        WideQ6KRow.Transpose(high, out var h0, out var h1, out var h2, out var h3);
        Put(to, sub, group, 0, a0, b0, h0);
        Put(to, sub, group, 1, a1, b1, h1);
        Put(to, sub, group, 2, a2, b2, h2);
        Put(to, sub, group, 3, a3, b3, h3);
    }

    /// <summary>Vector r of four sub-blocks.</summary>
    private static void Put(WideLaneBlock* to, int sub, int group, int r, Vector512<byte> a, Vector512<byte> b, Vector512<byte> h)
    {
        var four = Vector512.Create((byte)15);
        var start = Vector512<int>.Zero;
        Put(to, sub, group, r, (a & four) | WideQ6KRow.Left(h, 4), ref start);
        Put(to, sub + 1, group, r, (b & four) | WideQ6KRow.Left(h, 2), ref start);
        Put(to, sub + 2, group, r, WideQ6KRow.Right(a, 4, 15) | (h & Vector512.Create((byte)48)), ref start);
        Put(to, sub + 3, group, r, WideQ6KRow.Right(b, 4, 15) | WideQ6KRow.Right(h, 2, 48), ref start);
        var place = to->Starts + (64 * group) + (16 * r);
        (Vector512.Load(place) - (start << 7)).Store(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(WideLaneBlock* to, int sub, int group, int r, Vector512<byte> codes, ref Vector512<int> start)
    {
        var weights = (codes - Vector512.Create((byte)32)).AsSByte();
        weights.Store((sbyte*)to->Codes + (512 * sub) + (256 * group) + (64 * r));
        start = WideLanes.Pairs(start, Avx512BW.MultiplyAddAdjacent(Vector512<byte>.One, weights), Vector512.Load(to->Scales + (128 * sub) + (32 * r)));
    }

    /// <summary>Four lanes of a sub-block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(
        byte* codes, sbyte* lanes, Vector512<short> s0, Vector512<short> s1, Vector512<short> s2, Vector512<short> s3,
        ref Vector512<int> n0, ref Vector512<int> n1, ref Vector512<int> n2, ref Vector512<int> n3)
    {
        var x = Avx512F.BroadcastVector128ToVector512((int*)lanes).AsByte() ^ Vector512.Create((byte)0x80);
        n0 = WideLanes.Pairs(n0, Avx512BW.MultiplyAddAdjacent(x, Vector512.Load((sbyte*)codes)), s0);
        n1 = WideLanes.Pairs(n1, Avx512BW.MultiplyAddAdjacent(x, Vector512.Load((sbyte*)codes + 64)), s1);
        n2 = WideLanes.Pairs(n2, Avx512BW.MultiplyAddAdjacent(x, Vector512.Load((sbyte*)codes + 128)), s2);
        n3 = WideLanes.Pairs(n3, Avx512BW.MultiplyAddAdjacent(x, Vector512.Load((sbyte*)codes + 192)), s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(
        WideLaneBlock* w, Activations x, long sub, float* sums, Vector512<int> n0, Vector512<int> n1, Vector512<int> n2, Vector512<int> n3,
        Vector512<int> m0, Vector512<int> m1, Vector512<int> m2, Vector512<int> m3)
    {
        var scale = Vector512.Load(w->Scale) * Vector512.Create(x.Scales[sub / 8]);
        WideLanes.Add(sums + LaneState.Group(0), scale, n0, n1, n2, n3);
        WideLanes.Add(sums + LaneState.Group(1), scale, m0, m1, m2, m3);
    }
}
