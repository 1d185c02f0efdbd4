using ILGPU;
using ILGPU.Algorithms;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The small operations: one thread per element unless said otherwise.</summary>
internal static class ElementKernels
{
    /// <summary>
    /// RMS norm, a group per row. Threads square a stretch into shared memory (a float each), and the first adds the stretch up in order.
    /// </summary>
    public static void RmsNorm<TSum>(ArrayView<float> x, ArrayView<float> weight, ArrayView<float> y, int width, float epsilon)
        where TSum : unmanaged, IRunningSum<TSum>
    {
        var shared = SharedMemory.GetDynamic<float>();
        int thread = Group.IdxX,
            threads = Group.DimX;
        var from = (long)Grid.IdxX * width;
        var sum = default(TSum);
        for (var start = 0; start < width; start += threads)
        {
            if (start + thread < width)
                shared[thread] = x[from + start + thread] * x[from + start + thread];
            Group.Barrier();
            if (thread == 0)
                for (var i = 0; i < threads && start + i < width; i++)
                    sum = sum.Plus(shared[i]);
            Group.Barrier();
        }

        if (thread == 0)
            shared[0] = 1 / XMath.Sqrt(sum.Over(width) + epsilon);
        Group.Barrier();
        var scale = shared[0];
        for (var i = thread; i < width; i += threads)
            y[from + i] = x[from + i] * scale * weight[i];
    }

    /// <summary>One thread per pair: pairs are j·step and j·step + apart in a head.</summary>
    public static void Rope(
        Index1D index,
        ArrayView<float> x,
        ArrayView<float> cosSin,
        int heads,
        int headSize,
        int pairs,
        int step,
        int apart
    )
    {
        int pair = index % pairs,
            head = index / pairs,
            row = head / heads;
        var at = ((long)head * headSize) + (pair * step);
        var angle = 2 * (((long)row * pairs) + pair);
        float a = x[at],
            b = x[at + apart],
            cos = cosSin[angle],
            sin = cosSin[angle + 1];
        x[at] = (a * cos) - (b * sin);
        x[at + apart] = (a * sin) + (b * cos);
    }

    public static void Slice(Index1D i, ArrayView<float> x, int stride, int from, int width, ArrayView<float> y) =>
        y[i] = x[((long)(i.X / width) * stride) + from + (i.X % width)];

    public static void Place(Index1D i, ArrayView<float> x, int width, ArrayView<float> y, int from, int stride) =>
        y[((long)(i.X / width) * stride) + from + (i.X % width)] = x[i];

    /// <summary>Keys lie [element][position], so that neighbouring threads of the attention read neighbouring words.</summary>
    public static void StoreHalf(
        Index1D i,
        ArrayView<float> from,
        ArrayView<ushort> to,
        long start,
        int width,
        int position,
        int positionStride,
        int elementStride
    ) =>
        to[start + ((long)(position + (i.X / width)) * positionStride) + ((long)(i.X % width) * elementStride)] = (ushort)
            HalfBits.Of(from[i]);

    /// <summary>One thread per token and head: symmetric integers with one scale for the head, kept as floats.</summary>
    public static void StoreIntegers(
        Index1D index,
        ArrayView<float> from,
        ArrayView<float> to,
        long start,
        int size,
        int heads,
        int position,
        int positionStride,
        int elementStride,
        int limit
    )
    {
        var (row, head) = (index.X / heads, index.X % heads);
        var source = (long)index.X * size;
        var largest = 0f;
        for (var i = 0; i < size; i++)
        {
            var magnitude = from[source + i] < 0 ? -from[source + i] : from[source + i];
            largest = magnitude > largest ? magnitude : largest;
        }

        var scale = largest / limit;
        var target = start + ((long)(position + row) * positionStride) + ((long)head * size * elementStride);
        for (var i = 0; i < size; i++, target += elementStride)
            to[target] = scale == 0 ? 0 : scale * Integers.Clamp(Integers.RoundEven(from[source + i] / scale), -limit, limit);
    }

    public static void Silu<TElementary>(Index1D i, ArrayView<float> gate, ArrayView<float> up, ArrayView<long> powers)
        where TElementary : unmanaged, IElementary => gate[i] = gate[i] / (1 + TElementary.Exp(-gate[i], powers)) * up[i];

    public static void Sigmoid<TElementary>(Index1D i, ArrayView<float> gate, ArrayView<float> up, ArrayView<long> powers)
        where TElementary : unmanaged, IElementary => gate[i] = 1 / (1 + TElementary.Exp(-gate[i], powers)) * up[i];

    public static void SquaredRelu(Index1D i, ArrayView<float> gate, ArrayView<float> up) =>
        gate[i] = (gate[i] > 0 ? gate[i] : 0) * (up[i] > 0 ? up[i] : 0);

    /// <summary>GELU by llama.cpp's table of every binary16 value.</summary>
    public static void Gelu(Index1D i, ArrayView<float> gate, ArrayView<float> up, ArrayView<float> table)
    {
        var x = gate[i];
        var value =
            x <= -10 ? 0
            : x >= 10 ? x
            : table[(int)HalfBits.Of(x)];
        gate[i] = value * up[i];
    }

    public static void ClampedSwiGlu<TElementary>(Index1D i, ArrayView<float> gate, ArrayView<float> up, ArrayView<long> powers)
        where TElementary : unmanaged, IElementary
    {
        float g = gate[i] < 7 ? gate[i] : 7,
            u = up[i] < -7 ? -7
            : up[i] > 7 ? 7
            : up[i];
        gate[i] = g / (1 + TElementary.Exp(1.702f * -g, powers)) * (u + 1);
    }

    public static void Add(Index1D i, ArrayView<float> x, ArrayView<float> y) => x[i] += y[i];

    public static void Multiply(Index1D i, ArrayView<float> x, ArrayView<float> y) => x[i] *= y[i];

    public static void AddBias(Index1D i, ArrayView<float> x, ArrayView<float> bias, int width) => x[i] += bias[i % width];

    public static void Weigh(Index1D i, ArrayView<float> x, ArrayView<float> weights, int width) => x[i] *= weights[i % width];

    public static void Scale(Index1D i, ArrayView<float> x, int from, float factor) => x[from + i] *= factor;

    public static void SoftCap<TElementary>(Index1D i, ArrayView<float> x, float cap, float inverse)
        where TElementary : unmanaged, IElementary => x[i] = TElementary.Tanh(x[i] * inverse) * cap;

    public static void RoundToHalf(Index1D i, ArrayView<float> x) => x[i] = HalfBits.Round(x[i]);
}
