using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>weight · x in binary32, added in the order of the inputs to binary32 sums of sixteen columns.</summary>
internal static unsafe class FloatSums
{
    /// <summary>Adds <paramref name="count"/> weights of sixteen columns for each of the vectors.</summary>
    /// <param name="w">Weights [input][16].</param>
    /// <param name="count">Inputs.</param>
    /// <param name="x">The first vector's inputs.</param>
    /// <param name="stride">From vector to vector.</param>
    /// <param name="rows">Vectors.</param>
    /// <param name="sums">[vector][16].</param>
    public static void Add<TFormat>(byte* w, int count, float* x, nint stride, int rows, float* sums)
        where TFormat : struct, IFloatFormat
    {
        // Four at once hide the latency of the additions.
        for (; rows >= 4; rows -= 4, x += 4 * stride, sums += 64)
            AddFour<TFormat>(w, count, x, stride, sums);
        for (; rows > 0; rows--, x += stride, sums += 16)
        {
            var sum = Vector512.Load(sums);
            for (var i = 0; i < count; i++)
                sum += TFormat.Load(w + (16 * TFormat.Bytes * i)) * Vector512.Create(x[i]);
            sum.Store(sums);
        }
    }

    private static void AddFour<TFormat>(byte* w, int count, float* x, nint stride, float* sums)
        where TFormat : struct, IFloatFormat
    {
        Vector512<float> s0 = Vector512.Load(sums),
            s1 = Vector512.Load(sums + 16),
            s2 = Vector512.Load(sums + 32),
            s3 = Vector512.Load(sums + 48);
        for (var i = 0; i < count; i++, x++, w += 16 * TFormat.Bytes)
        {
            var weights = TFormat.Load(w);
            s0 += weights * Vector512.Create(*x);
            s1 += weights * Vector512.Create(x[stride]);
            s2 += weights * Vector512.Create(x[2 * stride]);
            s3 += weights * Vector512.Create(x[3 * stride]);
        }

        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 32);
        s3.Store(sums + 48);
    }
}
