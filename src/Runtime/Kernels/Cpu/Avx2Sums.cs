using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Integer sums of a block into the running sums of a vector (<see cref="KQuantState"/>), eight columns at a time.</summary>
internal static unsafe class Avx2Sums
{
    /// <summary>Takes off the minima of a half's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddMinima<TFormat, TDot>(KQuantScales* w, int half, Activations x, long sub, float* sums)
        where TFormat : struct, IKQuantFormat
        where TDot : struct, IByteDot
    {
        if (!TFormat.HasMinimum)
            return;
        var xSums = (int*)(x.Sums32 + sub);
        var minima = w->Minima + (half * 32);
        var isum = Vector256<int>.Zero;
        for (var k = 0; k < 4; k++)
            isum = TDot.Pairs(isum, Vector256.Load(minima + (8 * k)).AsInt16(), Vector256.Create(xSums[k]).AsInt16());
        var term = Vector256.Load(w->Minimum + (8 * half)) * Vector256.Create(x.Scales[sub / 8]) * Vector256.ConvertToSingle(isum);
        (Vector256.Load(sums + (8 * half)) - term).Store(sums + (8 * half));
    }

    /// <summary>Adds four lanes of eight columns, two columns a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float* to, Vector256<float> scale, Vector256<int> n0, Vector256<int> n1, Vector256<int> n2, Vector256<int> n3)
    {
        Add(to, n0, Avx.Permute(scale, 0x00));
        Add(to + 16, n1, Avx.Permute(scale, 0x55));
        Add(to + 32, n2, Avx.Permute(scale, 0xAA));
        Add(to + 48, n3, Avx.Permute(scale, 0xFF));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* to, Vector256<int> sum, Vector256<float> scale) =>
        (Vector256.Load(to) + (scale * Vector256.ConvertToSingle(sum))).Store(to);
}
