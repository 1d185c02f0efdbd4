using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Bench.Kernels;

/// <summary>Byte multiply-adds per second of one core out of registers: the ceiling of prompt processing.</summary>
internal static class ByteDotPeak
{
    private const int Rounds = 1_000_000,
        Chains = 8;

    /// <summary>A sum of byte products that this machine has.</summary>
    /// <param name="Name">Instructions.</param>
    /// <param name="PerSecond">Multiply-adds per second, best of eight.</param>
    public sealed record Way(string Name, double PerSecond);

    /// <summary>Multiply-adds per second of the fastest way.</summary>
    public static double Measure() => Ways().Max(way => way.PerSecond);

    /// <summary>Every way that this machine has.</summary>
    public static IReadOnlyList<Way> Ways()
    {
        var ways = new List<Way>();
        if (AvxVnni.IsSupported)
            ways.Add(new Way("AVX-VNNI 256 bit", Best<Vnni, Vector256<int>>(32)));
        if (Avx512BW.IsSupported)
            ways.Add(new Way("AVX-512 vpmaddubsw, vpmaddwd", Best<Wide, Vector512<int>>(64)));
        if (Avx2.IsSupported)
            ways.Add(new Way("AVX2 vpmaddubsw, vpmaddwd", Best<Narrow, Vector256<int>>(32)));
        ways.Add(new Way("portable 128 bit", Best<Portable, Vector128<int>>(8)));
        return ways;
    }

    private static double Best<TStep, TSum>(int products)
        where TStep : struct, IStep<TSum>
        where TSum : struct
    {
        var best = 0.0;
        for (var i = 0; i < 8; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (Loop<TStep, TSum>() == 1)
                Console.WriteLine("odd");
            best = Math.Max(best, (double)Rounds * Chains * products / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    /// <summary>Sums that do not wait for each other. Weights change from round to round, so that no product leaves the loop.</summary>
    private static int Loop<TStep, TSum>()
        where TStep : struct, IStep<TSum>
        where TSum : struct
    {
        TSum a = default,
            b = default,
            c = default,
            d = default,
            e = default,
            f = default,
            g = default,
            h = default;
        for (var round = 0; round < Rounds; round++)
        {
            var w = TStep.Weights(round);
            a = TStep.Add(a, w, 1);
            b = TStep.Add(b, w, 2);
            c = TStep.Add(c, w, 3);
            d = TStep.Add(d, w, 4);
            e = TStep.Add(e, w, 5);
            f = TStep.Add(f, w, 6);
            g = TStep.Add(g, w, 7);
            h = TStep.Add(h, w, 8);
        }

        return TStep.First(a)
            + TStep.First(b)
            + TStep.First(c)
            + TStep.First(d)
            + TStep.First(e)
            + TStep.First(f)
            + TStep.First(g)
            + TStep.First(h);
    }

    private interface IStep<TSum>
    {
        static abstract TSum Weights(int round);

        /// <summary>sum + Σ weights · x; another x for each sum keeps the products apart.</summary>
        static abstract TSum Add(TSum sum, TSum weights, sbyte x);

        static abstract int First(TSum sum);
    }

    private readonly struct Vnni : IStep<Vector256<int>>
    {
        public static Vector256<int> Weights(int round) => Vector256.Create(round);

        public static Vector256<int> Add(Vector256<int> sum, Vector256<int> weights, sbyte x) =>
            AvxVnni.MultiplyWideningAndAdd(sum, weights.AsByte(), Vector256.Create(x));

        public static int First(Vector256<int> sum) => sum.ToScalar();
    }

    private readonly struct Wide : IStep<Vector512<int>>
    {
        public static Vector512<int> Weights(int round) => Vector512.Create(round);

        public static Vector512<int> Add(Vector512<int> sum, Vector512<int> weights, sbyte x) =>
            sum + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(weights.AsByte(), Vector512.Create(x)), Vector512<short>.One);

        public static int First(Vector512<int> sum) => sum.ToScalar();
    }

    private readonly struct Narrow : IStep<Vector256<int>>
    {
        public static Vector256<int> Weights(int round) => Vector256.Create(round);

        public static Vector256<int> Add(Vector256<int> sum, Vector256<int> weights, sbyte x) =>
            sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(weights.AsByte(), Vector256.Create(x)), Vector256<short>.One);

        public static int First(Vector256<int> sum) => sum.ToScalar();
    }

    private readonly struct Portable : IStep<Vector128<int>>
    {
        public static Vector128<int> Weights(int round) => Vector128.Create(round);

        public static Vector128<int> Add(Vector128<int> sum, Vector128<int> weights, sbyte x)
        {
            var words = Vector128.WidenLower(weights.AsSByte()) * Vector128.Create((short)x);
            return sum + Vector128.WidenLower(words) + Vector128.WidenUpper(words);
        }

        public static int First(Vector128<int> sum) => sum.ToScalar();
    }
}
