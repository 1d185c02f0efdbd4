using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Bench.Kernels;

/// <summary>Byte multiply-adds per second of one core out of registers: the ceiling of prompt processing.</summary>
internal static class ByteDotPeak
{
    private const int Rounds = 1_000_000,
        Chains = 10,
        Lanes = 32;

    /// <summary>Multiply-adds per second, best of eight; 0 without AVX-VNNI.</summary>
    public static double Measure()
    {
        if (!AvxVnni.IsSupported)
            return 0;
        var best = 0.0;
        for (var i = 0; i < 8; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (Loop() == 1)
                Console.WriteLine("odd");
            best = Math.Max(best, (double)Rounds * Chains * Lanes / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static int Loop()
    {
        var w = Vector256.Create((byte)3);
        var x = Vector256.Create((sbyte)-5);
        Vector256<int> a = default,
            b = default,
            c = default,
            d = default,
            e = default,
            f = default,
            g = default,
            h = default,
            i = default,
            j = default;
        for (var round = 0; round < Rounds; round++)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, w, x);
            b = AvxVnni.MultiplyWideningAndAdd(b, w, x);
            c = AvxVnni.MultiplyWideningAndAdd(c, w, x);
            d = AvxVnni.MultiplyWideningAndAdd(d, w, x);
            e = AvxVnni.MultiplyWideningAndAdd(e, w, x);
            f = AvxVnni.MultiplyWideningAndAdd(f, w, x);
            g = AvxVnni.MultiplyWideningAndAdd(g, w, x);
            h = AvxVnni.MultiplyWideningAndAdd(h, w, x);
            i = AvxVnni.MultiplyWideningAndAdd(i, w, x);
            j = AvxVnni.MultiplyWideningAndAdd(j, w, x);
        }

        return (a + b + c + d + e + f + g + h + i + j).ToScalar();
    }
}
