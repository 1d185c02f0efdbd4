using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Attention over keys and values in float (fabrics with integer KV storage, diffusion models), whole heads per worker. Scores are summed
/// side by side for sixteen positions and outputs for sixteen elements, so that each double sum runs in the order of the reference.
/// </summary>
internal sealed unsafe class AttentionWork(int workers) : IParallelWork, IDisposable
{
    private float* scores;
    private int scoresPerWorker;
    private int[] visible = [];
    private bool isLimited;

    public SimdCache? Cache { get; set; }

    public AttentionShape Shape { get; set; }

    public int Layer { get; set; }

    public int Position { get; set; }

    public int Rows { get; set; }

    /// <summary>Round queries and probabilities to F16.</summary>
    public bool RoundToHalf { get; set; }

    public float* Q { get; set; }

    public float* Y { get; set; }

    /// <summary>For each row, how many positions it sees; none at all: a row sees the positions up to its own.</summary>
    public void See(ReadOnlySpan<int> counts)
    {
        isLimited = counts.Length > 0;
        if (visible.Length < counts.Length)
            visible = new int[counts.Length];
        counts.CopyTo(visible);
    }

    /// <summary>Makes room for the scores of that many positions.</summary>
    public void Reserve(int positions)
    {
        var needed = Math.Max(64, (positions + 31) & ~15);
        if (needed <= scoresPerWorker)
            return;
        NativeMemory.AlignedFree(scores);
        scores = (float*)NativeMemory.AlignedAlloc((nuint)needed * (nuint)workers * sizeof(float), 64);
        scoresPerWorker = needed;
    }

    public void Run(int worker, int part, int parts)
    {
        var total = Rows * Shape.Heads;
        int from = (int)((long)total * part / parts),
            to = (int)((long)total * (part + 1) / parts);
        for (var i = from; i < to; i++)
            Head(i / Shape.Heads, i % Shape.Heads, scores + ((nint)worker * scoresPerWorker));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(scores);
        scores = null;
    }

    [SkipLocalsInit]
    private void Head(int row, int head, float* p)
    {
        int size = Shape.HeadSize,
            kvHead = head / (Shape.Heads / Shape.KvHeads);
        var last = isLimited ? visible[row] - 1 : Position + row;
        var first = isLimited ? 0 : Shape.First(last);
        var q = stackalloc float[size];
        var source = Q + ((((nint)row * Shape.Heads) + head) * size);
        for (var i = 0; i < size; i++)
            q[i] = Shape.ScaleQuery ? source[i] * Shape.Scale : source[i];
        if (RoundToHalf)
            HalfVectors.Round(q, q, size);

        var cache = Cache!;
        var keys = cache.Keys(Layer) + ((nint)kvHead * size * SimdCache.Block);
        var blockStride = (nint)cache.KeyWidth * SimdCache.Block;
        var block = first / SimdCache.Block;
        for (; block + 1 <= last / SimdCache.Block; block += 2)
            ScoresOfTwoBlocks(q, size, keys + (block * blockStride), blockStride, p + (block * SimdCache.Block));
        if (block <= last / SimdCache.Block)
            ScoresOfBlock(q, size, keys + (block * blockStride), p + (block * SimdCache.Block));
        SoftMax(p, first, last, head);

        var values = cache.Values(Layer) + ((nint)kvHead * Shape.ValueHeadSize);
        var y = Y + ((((nint)row * Shape.Heads) + head) * Shape.ValueHeadSize);
        for (var at = 0; at < Shape.ValueHeadSize; at += 16)
            Outputs(p, first, last, values + at, cache.ValueWidth, y + at, Math.Min(16, Shape.ValueHeadSize - at));
    }

    private static void ScoresOfTwoBlocks(float* q, int size, float* keys, nint blockStride, float* scores)
    {
        Vector512<double> l0 = Vector512<double>.Zero,
            h0 = l0,
            l1 = l0,
            h1 = l0;
        for (var i = 0; i < size; i++, keys += SimdCache.Block)
        {
            var x = Vector512.Create(q[i]);
            Add(x * Vector512.Load(keys), ref l0, ref h0);
            Add(x * Vector512.Load(keys + blockStride), ref l1, ref h1);
        }

        Vector512.Narrow(l0, h0).Store(scores);
        Vector512.Narrow(l1, h1).Store(scores + SimdCache.Block);
    }

    private static void ScoresOfBlock(float* q, int size, float* keys, float* scores)
    {
        Vector512<double> low = Vector512<double>.Zero,
            high = low;
        for (var i = 0; i < size; i++, keys += SimdCache.Block)
            Add(Vector512.Create(q[i]) * Vector512.Load(keys), ref low, ref high);
        Vector512.Narrow(low, high).Store(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> products, ref Vector512<double> low, ref Vector512<double> high)
    {
        low += Vector512.WidenLower(products);
        high += Vector512.WidenUpper(products);
    }

    private void SoftMax(float* p, int first, int last, int head)
    {
        var sinks = (SimdBuffer?)Shape.Sinks;
        var inverseCap = Shape.SoftCap != 0 ? 1 / Shape.SoftCap : 0;
        var largest = sinks is null ? float.NegativeInfinity : sinks.Data[head];
        for (var j = first; j <= last; j++)
        {
            if (Shape.SoftCap != 0)
                p[j] = HyperbolicTangent.Tanh(p[j] * inverseCap) * Shape.SoftCap;
            if (!Shape.ScaleQuery)
                p[j] *= Shape.Scale;
            largest = MathF.Max(largest, p[j]);
        }

        var sum = 0.0;
        for (var j = first; j <= last; j++)
        {
            p[j] = Exponential.Exp(p[j] - largest);
            sum += p[j];
        }

        if (sinks is not null)
            sum += Exponential.Exp(sinks.Data[head] - largest);
        var inverse = (float)(1 / sum);
        for (var j = first; j <= last; j++)
            p[j] *= inverse;
        if (RoundToHalf)
            HalfVectors.Round(p + first, p + first, last - first + 1);
    }

    private static void Outputs(float* p, int first, int last, float* values, nint stride, float* y, int count)
    {
        Vector512<double> low = Vector512<double>.Zero,
            high = low;
        values += first * stride;
        for (var j = first; j <= last; j++, values += stride)
            Add(Vector512.Create(p[j]) * Vector512.Load(values), ref low, ref high);
        var sums = Vector512.Narrow(low, high);
        if (count == 16)
        {
            sums.Store(y);
            return;
        }

        for (var i = 0; i < count; i++)
            y[i] = sums.GetElement(i);
    }
}
