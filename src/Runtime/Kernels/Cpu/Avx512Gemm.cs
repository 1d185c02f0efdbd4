using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>K-quants in 512-bit vectors against several vectors of activations.</summary>
internal readonly unsafe struct Avx512Gemm<TCodes> : IKQuantGemm
    where TCodes : struct, IAvx512Codes
{
    public static int BlockBytes => sizeof(Avx512Block);

    public static void Store(byte* row, void* block)
    {
        new Span<int>(((Avx512Block*)block)->Starts, 128).Clear();
        TCodes.Store(row, (Avx512Block*)block);
    }

    public static void AddTwo(void* block, Activations x, long sub, float* sums)
    {
        var w = (Avx512Block*)block;
        nint stride = x.Inputs;
        var starts = w->Starts;
        Vector512<int> n0 = Vector512.Load(starts),
            n1 = Vector512.Load(starts + 16),
            n2 = Vector512.Load(starts + 32),
            n3 = Vector512.Load(starts + 48);
        Vector512<int> m0 = Vector512.Load(starts + 64),
            m1 = Vector512.Load(starts + 80),
            m2 = Vector512.Load(starts + 96),
            m3 = Vector512.Load(starts + 112);
        Vector512<int> o0 = n0,
            o1 = n1,
            o2 = n2,
            o3 = n3,
            p0 = m0,
            p1 = m1,
            p2 = m2,
            p3 = m3;
        var codes = w->Codes;
        var a = TCodes.Arranged(x) + (sub * 32);
        var scales = w->Scales;
        for (var end = codes + 4096; codes < end; codes += TCodes.StepBytes, a += TCodes.StepBytes / 16, scales += 128)
        {
            var upper = codes + (TCodes.StepBytes / 2);
            Vector512<short> s0 = Vector512.Load(scales),
                s1 = Vector512.Load(scales + 32),
                s2 = Vector512.Load(scales + 64),
                s3 = Vector512.Load(scales + 96);
            TCodes.AddGroup(codes, a, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            TCodes.AddGroup(codes, a + stride, s0, s1, s2, s3, ref o0, ref o1, ref o2, ref o3);
            TCodes.AddGroup(upper, a + 16, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
            TCodes.AddGroup(upper, a + stride + 16, s0, s1, s2, s3, ref p0, ref p1, ref p2, ref p3);
        }

        End(w, x, sub, sums, n0, n1, n2, n3, m0, m1, m2, m3);
        End(w, x, sub + (stride / 32), sums + KQuantState.Floats, o0, o1, o2, o3, p0, p1, p2, p3);
    }

    public static void Finish(float* sums, float* outputs)
    {
        var total = Vector512.Load(sums);
        SumLanes(sums + KQuantState.Group(0), ref total);
        SumLanes(sums + KQuantState.Group(1), ref total);
        total.Store(outputs);
    }

    /// <summary>Adds four lanes: four vectors of four columns, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLanes(float* v, ref Vector512<float> total)
    {
        Vector512<float> v0 = Vector512.Load(v),
            v1 = Vector512.Load(v + 16),
            v2 = Vector512.Load(v + 32),
            v3 = Vector512.Load(v + 48);
        Vector512<float> a = Avx512F.UnpackLow(v0, v1),
            b = Avx512F.UnpackLow(v2, v3),
            c = Avx512F.UnpackHigh(v0, v1),
            d = Avx512F.UnpackHigh(v2, v3);
        total += Avx512F.Shuffle(a, b, 0x44);
        total += Avx512F.Shuffle(a, b, 0xEE);
        total += Avx512F.Shuffle(c, d, 0x44);
        total += Avx512F.Shuffle(c, d, 0xEE);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End(
        Avx512Block* w,
        Activations x,
        long sub,
        float* sums,
        Vector512<int> n0,
        Vector512<int> n1,
        Vector512<int> n2,
        Vector512<int> n3,
        Vector512<int> m0,
        Vector512<int> m1,
        Vector512<int> m2,
        Vector512<int> m3
    )
    {
        var dx = Vector512.Create(x.Scales[sub / 8]);
        if (TCodes.HasMinimum)
        {
            var xSums = (int*)(x.Sums32 + sub);
            var isum = Vector512<int>.Zero;
            for (var j = 0; j < 4; j++)
                isum = Avx512Sums.Pairs(isum, Vector512.Load(w->Minima + (16 * j)).AsInt16(), Vector512.Create(xSums[j]).AsInt16());
            (Vector512.Load(sums) - (Vector512.Load(w->Minimum) * dx * Vector512.ConvertToSingle(isum))).Store(sums);
        }

        var scale = Vector512.Load(w->Scale) * dx;
        Avx512Sums.Add(sums + KQuantState.Group(0), scale, n0, n1, n2, n3);
        Avx512Sums.Add(sums + KQuantState.Group(1), scale, m0, m1, m2, m3);
    }
}
