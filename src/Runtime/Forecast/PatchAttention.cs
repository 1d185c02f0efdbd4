using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.FabricNumerics;

namespace TaalasSim.Runtime.Forecast;

/// <summary>Keys, values and causal attention of one series, in binary32.</summary>
/// <remarks>Positions count from the first patch that is visible. A row before it sees no key, and its result is zero.</remarks>
internal sealed class PatchAttention
{
    private readonly int _heads;
    private readonly int _headSize;
    private readonly int _threads;
    private readonly int _kvBits;
    private readonly float[][] _keys;
    private readonly float[][] _values;

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Layers.</param>
    /// <param name="heads">Heads, each with its own keys and values.</param>
    /// <param name="headSize">Elements per head.</param>
    /// <param name="capacity">Positions.</param>
    /// <param name="threads">Threads that compute heads; the result does not depend on them.</param>
    /// <param name="kvBits">Bits of a stored element, as a fabric rounds them; 32 leaves them as they are.</param>
    public PatchAttention(int layers, int heads, int headSize, int capacity, int threads, int kvBits)
    {
        (_heads, _headSize, _threads, _kvBits) = (heads, headSize, threads, kvBits);
        float[][] Caches() => [.. Enumerable.Range(0, layers).Select(_ => new float[checked(capacity * heads * headSize)])];
        _keys = Caches();
        _values = Caches();
    }

    private int Width => _heads * _headSize;

    /// <summary>Stores keys and values of a layer.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="position">Position of the first row; rows before 0 are not stored.</param>
    /// <param name="keys">[rows][heads × head size].</param>
    /// <param name="values">[rows][heads × head size].</param>
    public void Store(int layer, int position, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var skipped = Math.Max(0, -position) * Width;
        if (skipped >= keys.Length)
            return;
        var at = Math.Max(0, position) * Width;
        Store(keys[skipped..], _keys[layer].AsSpan(at));
        Store(values[skipped..], _values[layer].AsSpan(at));
    }

    // Each head of a position has a scale of its own, as in the KV SRAM of language models.
    private unsafe void Store(ReadOnlySpan<float> given, Span<float> stored)
    {
        given.CopyTo(stored);
        if (_kvBits == PatchModel.UnroundedKvBits)
            return;
        fixed (float* x = stored)
            for (var at = 0; at < given.Length; at += Width)
                VectorQuantizer.RoundStored(x + at, x + at, Width, _heads, _kvBits);
    }

    /// <summary>softmax(q · k) · v over the positions up to each row's own, scores unscaled.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="position">Position of the first row.</param>
    /// <param name="queries">[rows][heads × head size].</param>
    /// <param name="results">[rows][heads × head size].</param>
    public void Attend(int layer, int position, float[] queries, float[] results)
    {
        var rows = queries.Length / Width;
        void Head(int work)
        {
            var (row, head) = (work / _heads, work % _heads);
            Attend(
                layer,
                head,
                position + row + 1,
                queries.AsSpan((row * Width) + (head * _headSize), _headSize),
                results.AsSpan((row * Width) + (head * _headSize), _headSize)
            );
        }

        if (_threads == 1 || rows * (long)(position + rows) * Width < 1 << 16)
            for (var work = 0; work < rows * _heads; work++)
                Head(work);
        else
            Parallel.For(0, rows * _heads, new ParallelOptions { MaxDegreeOfParallelism = _threads }, Head);
    }

    private void Attend(int layer, int head, int visible, ReadOnlySpan<float> query, Span<float> result)
    {
        result.Clear();
        if (visible <= 0)
            return;
        var weights = new float[visible];
        ReadOnlySpan<float> keys = _keys[layer],
            values = _values[layer];
        var largest = float.NegativeInfinity;
        for (var k = 0; k < visible; k++)
        {
            weights[k] = Dot(query, keys.Slice((k * Width) + (head * _headSize), _headSize));
            largest = MathF.Max(largest, weights[k]);
        }

        double sum = 0;
        for (var k = 0; k < visible; k++)
        {
            weights[k] = MathF.Exp(weights[k] - largest);
            sum += weights[k];
        }

        for (var k = 0; k < visible; k++)
            AddScaled(values.Slice((k * Width) + (head * _headSize), _headSize), (float)(weights[k] / sum), result);
    }

    // Vectors of one fixed width and no fused operations, so that every machine gives the same bits.
    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            sums += Vector256.Create(x.Slice(i, Vector256<float>.Count)) * Vector256.Create(y.Slice(i, Vector256<float>.Count));
        var sum = 0f;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
            sum += sums[lane];
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    private static void AddScaled(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        var i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            (
                Vector256.Create<float>(y.Slice(i, Vector256<float>.Count))
                + (Vector256.Create(x.Slice(i, Vector256<float>.Count)) * factor)
            ).CopyTo(y[i..]);
        for (; i < x.Length; i++)
            y[i] += x[i] * factor;
    }
}
