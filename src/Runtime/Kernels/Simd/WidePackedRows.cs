using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// Q4_K and Q5_K in 512-bit vectors against several vectors. A dword holds two weights of one lane in each of two sub-blocks, so that their products lie side by side as
/// words and one multiplication scales both.
/// </summary>
internal readonly unsafe struct WidePackedRows<TFormat> : ILaneRows
    where TFormat : struct, ILaneFormat
{
    public static int BlockBytes => sizeof(WideLaneBlock);

    public static void Store(byte* row, void* block)
    {
        var to = (WideLaneBlock*)block;
        var scales = new PackedScales(row + 64);
        HalfVectors.Load16(row).Store(to->Scale);
        HalfVectors.Load16(row + 32).Store(to->Minimum);
        var codes = to->Codes;
        for (var j = 0; j < 4; j++)
        {
            scales.Minima(j).AsInt32().Store(to->Minima + (16 * j));
            var pair = scales.Scales(j);
            var place = to->Scales + (128 * j);
            WideLanes.OnLanes(pair, 0x00).Store(place);
            WideLanes.OnLanes(pair, 0x55).Store(place + 32);
            WideLanes.OnLanes(pair, 0xAA).Store(place + 64);
            WideLanes.OnLanes(pair, 0xFF).Store(place + 96);
            for (var group = 0; group < 2; group++, codes += 512)
            {
                PackedCouples.Read<TFormat>(row, j, group, out var first, out var second);
                Put(codes, first.A, second.A);
                Put(codes + 128, first.B, second.B);
                Put(codes + 256, first.C, second.C);
                Put(codes + 384, first.D, second.D);
            }
        }
    }

    public static void AddTwo(void* block, Activations x, long sub, float* sums)
    {
        var w = (WideLaneBlock*)block;
        nint stride = x.Inputs;
        Vector512<int> n0 = Vector512<int>.Zero, n1 = n0, n2 = n0, n3 = n0, m0 = n0, m1 = n0, m2 = n0, m3 = n0;
        Vector512<int> o0 = n0, o1 = n0, o2 = n0, o3 = n0, p0 = n0, p1 = n0, p2 = n0, p3 = n0;
        var codes = w->Codes;
        var quads = x.Quads + (sub * 32);
        var scales = w->Scales;
        for (var end = codes + 4096; codes < end; codes += 1024, quads += 64, scales += 128)
        {
            Vector512<short> s0 = Vector512.Load(scales), s1 = Vector512.Load(scales + 32), s2 = Vector512.Load(scales + 64), s3 = Vector512.Load(scales + 96);
            AddGroup(codes, quads, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            AddGroup(codes, quads + stride, s0, s1, s2, s3, ref o0, ref o1, ref o2, ref o3);
            AddGroup(codes + 512, quads + 16, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
            AddGroup(codes + 512, quads + stride + 16, s0, s1, s2, s3, ref p0, ref p1, ref p2, ref p3);
        }

        End(w, x, sub, sums, n0, n1, n2, n3, m0, m1, m2, m3);
        End(w, x, sub + (stride / 32), sums + LaneState.Floats, o0, o1, o2, o3, p0, p1, p2, p3);
    }

    public static void Finish(float* sums, float* outputs) => WideLanes.Finish(sums, outputs);

    /// <summary>Codes of two sub-blocks of the first (or the last two) columns of every four, side by side as words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(byte* place, Vector512<byte> first, Vector512<byte> second)
    {
        Avx512BW.UnpackLow(first.AsInt16(), second.AsInt16()).AsByte().Store(place);
        Avx512BW.UnpackHigh(first.AsInt16(), second.AsInt16()).AsByte().Store(place + 64);
    }

    /// <summary>Four lanes of two sub-blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(
        byte* codes, sbyte* quads, Vector512<short> s0, Vector512<short> s1, Vector512<short> s2, Vector512<short> s3,
        ref Vector512<int> n0, ref Vector512<int> n1, ref Vector512<int> n2, ref Vector512<int> n3)
    {
        var first = Avx512F.BroadcastVector128ToVector512((int*)quads).AsSByte();
        var second = Avx512F.BroadcastVector128ToVector512((int*)(quads + 32)).AsSByte();
        n0 = WideLanes.Pairs(n0, Products(codes, codes + 256, first, second), s0);
        n1 = WideLanes.Pairs(n1, Products(codes + 64, codes + 320, first, second), s1);
        n2 = WideLanes.Pairs(n2, Products(codes + 128, codes + 384, first, second), s2);
        n3 = WideLanes.Pairs(n3, Products(codes + 192, codes + 448, first, second), s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Products(byte* a, byte* b, Vector512<sbyte> first, Vector512<sbyte> second) =>
        Avx512BW.MultiplyAddAdjacent(Vector512.Load(a), first) + Avx512BW.MultiplyAddAdjacent(Vector512.Load(b), second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(
        WideLaneBlock* w, Activations x, long sub, float* sums, Vector512<int> n0, Vector512<int> n1, Vector512<int> n2, Vector512<int> n3,
        Vector512<int> m0, Vector512<int> m1, Vector512<int> m2, Vector512<int> m3)
    {
        var xSums = (int*)(x.Sums32 + sub);
        var isum = Vector512<int>.Zero;
        for (var j = 0; j < 4; j++)
            isum = WideLanes.Pairs(isum, Vector512.Load(w->Minima + (16 * j)).AsInt16(), Vector512.Create(xSums[j]).AsInt16());
        var dx = Vector512.Create(x.Scales[sub / 8]);
        (Vector512.Load(sums) - (Vector512.Load(w->Minimum) * dx * Vector512.ConvertToSingle(isum))).Store(sums);
        var scale = Vector512.Load(w->Scale) * dx;
        WideLanes.Add(sums + LaneState.Group(0), scale, n0, n1, n2, n3);
        WideLanes.Add(sums + LaneState.Group(1), scale, m0, m1, m2, m3);
    }
}
