using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Any lane format in 256-bit vectors, eight columns after the other.</summary>
internal readonly unsafe struct Avx2Gemv<TFormat, TDot> : IKQuantGemv
    where TFormat : struct, IKQuantFormat
    where TDot : struct, IByteDot
{
    [SkipLocalsInit]
    public static void Add(byte* row, Activations x, long sub, float* sums)
    {
        var memory = stackalloc byte[sizeof(KQuantScales) + 64];
        var scales = (KQuantScales*)(((nint)memory + 63) & ~63);
        TFormat.Scales(row, scales);
        var next = row + (16 * TFormat.BlockBytes);
        for (var half = 0; half < 2; half++)
        {
            Avx2Sums.AddMinima<TFormat, TDot>(scales, half, x, sub, sums);
            var scale = Vector256.Load(scales->Scale + (8 * half)) * Vector256.Create(x.Scales[sub / 8]);
            for (var group = 0; group < 2; group++)
            {
                CodeFetch.Fetch(next, 4 * TFormat.BlockBytes);
                next += 4 * TFormat.BlockBytes;
                var sink = new MultiplyingSink<TFormat, TDot>(
                    scales->Scales + (half * 512),
                    x.Lanes + (sub * 32) + (16 * group),
                    x.PairSums + (sub * 16) + (8 * group)
                );
                TFormat.Codes(row, half, group, ref sink);
                Avx2Sums.Add(sums + KQuantState.Group(group) + (8 * half), scale, sink.N0, sink.N1, sink.N2, sink.N3);
            }
        }
    }
}
