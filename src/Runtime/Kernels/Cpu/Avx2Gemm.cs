using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Any lane format in 256-bit vectors, eight columns after the other: a vector holds four lanes of two columns.</summary>
internal readonly unsafe struct Avx2Gemm<TFormat, TDot> : IKQuantGemm
    where TFormat : struct, IKQuantFormat
    where TDot : struct, IByteDot
{
    public static int BlockBytes => sizeof(Avx2Block);

    public static void Store(byte* row, void* block)
    {
        var to = (Avx2Block*)block;
        TFormat.Scales(row, &to->Scales);
        for (var half = 0; half < 2; half++)
        for (var group = 0; group < 2; group++)
        {
            var sink = new StoringSink(to, half, group);
            TFormat.Codes(row, half, group, ref sink);
        }
    }

    public static void AddTwo(void* block, Activations x, long sub, float* sums)
    {
        var w = (Avx2Block*)block;
        nint stride = x.Inputs;
        var scales = w->Scales.Scales;
        for (var half = 0; half < 2; half++)
        {
            Vector256<int> n0 = Vector256<int>.Zero,
                n1 = n0,
                n2 = n0,
                n3 = n0,
                m0 = n0,
                m1 = n0,
                m2 = n0,
                m3 = n0;
            Vector256<int> o0 = n0,
                o1 = n0,
                o2 = n0,
                o3 = n0,
                p0 = n0,
                p1 = n0,
                p2 = n0,
                p3 = n0;
            var codes = w->Codes + (half * 2048);
            var lanes = x.Lanes + (sub * 32);
            var pairs = x.PairSums + (sub * 16);
            for (var end = scales + 512; scales < end; scales += 64, codes += 128, lanes += 32, pairs += 16)
            {
                Vector256<short> s0 = Vector256.Load(scales),
                    s1 = Vector256.Load(scales + 16),
                    s2 = Vector256.Load(scales + 32),
                    s3 = Vector256.Load(scales + 48);
                AddGroup(codes, lanes, pairs, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
                AddGroup(codes, lanes + stride, pairs + (stride / 2), s0, s1, s2, s3, ref o0, ref o1, ref o2, ref o3);
                AddGroup(codes + 1024, lanes + 16, pairs + 8, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
                AddGroup(codes + 1024, lanes + stride + 16, pairs + (stride / 2) + 8, s0, s1, s2, s3, ref p0, ref p1, ref p2, ref p3);
            }

            AddHalf(w, half, x, sub, sums, n0, n1, n2, n3, m0, m1, m2, m3);
            AddHalf(w, half, x, sub + (stride / 32), sums + KQuantState.Floats, o0, o1, o2, o3, p0, p1, p2, p3);
        }
    }

    /// <summary>One sub-block: four lanes of eight columns, two columns per vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(
        byte* codes,
        sbyte* lanes,
        short* pairs,
        Vector256<short> s0,
        Vector256<short> s1,
        Vector256<short> s2,
        Vector256<short> s3,
        ref Vector256<int> n0,
        ref Vector256<int> n1,
        ref Vector256<int> n2,
        ref Vector256<int> n3
    )
    {
        var a = Avx2.BroadcastVector128ToVector256(lanes);
        var excess = Vector256<short>.Zero;
        if (TFormat.Offset != 0)
            excess = Avx2.BroadcastVector128ToVector256(pairs) * Vector256.Create((short)TFormat.Offset);
        n0 = MultiplyingSink<TFormat, TDot>.Step(n0, Vector256.Load(codes), a, excess, s0);
        n1 = MultiplyingSink<TFormat, TDot>.Step(n1, Vector256.Load(codes + 32), a, excess, s1);
        n2 = MultiplyingSink<TFormat, TDot>.Step(n2, Vector256.Load(codes + 64), a, excess, s2);
        n3 = MultiplyingSink<TFormat, TDot>.Step(n3, Vector256.Load(codes + 96), a, excess, s3);
    }

    /// <summary>Adds a half's integer sums, n of the lower four lanes and m of the upper, and its minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddHalf(
        Avx2Block* w,
        int half,
        Activations x,
        long sub,
        float* sums,
        Vector256<int> n0,
        Vector256<int> n1,
        Vector256<int> n2,
        Vector256<int> n3,
        Vector256<int> m0,
        Vector256<int> m1,
        Vector256<int> m2,
        Vector256<int> m3
    )
    {
        Avx2Sums.AddMinima<TFormat, TDot>(&w->Scales, half, x, sub, sums);
        var scale = Vector256.Load(w->Scales.Scale + (8 * half)) * Vector256.Create(x.Scales[sub / 8]);
        Avx2Sums.Add(sums + KQuantState.Group(0) + (8 * half), scale, n0, n1, n2, n3);
        Avx2Sums.Add(sums + KQuantState.Group(1) + (8 * half), scale, m0, m1, m2, m3);
    }

    public static void Finish(float* sums, float* outputs)
    {
        for (var half = 0; half < 2; half++)
        {
            var total = Vector256.Load(sums + (8 * half));
            SumLanes(sums + KQuantState.Group(0) + (8 * half), ref total);
            SumLanes(sums + KQuantState.Group(1) + (8 * half), ref total);
            total.Store(outputs + (8 * half));
        }
    }

    /// <summary>Adds four lanes of eight columns: four vectors of two columns, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLanes(float* v, ref Vector256<float> total)
    {
        Vector256<float> v0 = Vector256.Load(v),
            v1 = Vector256.Load(v + 16),
            v2 = Vector256.Load(v + 32),
            v3 = Vector256.Load(v + 48);
        Vector256<float> a = Avx.UnpackLow(v0, v1),
            b = Avx.UnpackLow(v2, v3),
            c = Avx.UnpackHigh(v0, v1),
            d = Avx.UnpackHigh(v2, v3);
        total += Avx.Shuffle(a, b, 0x44);
        total += Avx.Shuffle(a, b, 0xEE);
        total += Avx.Shuffle(c, d, 0x44);
        total += Avx.Shuffle(c, d, 0xEE);
    }
}
