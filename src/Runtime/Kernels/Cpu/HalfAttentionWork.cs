using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Attention over keys and values in binary16 with queries and probabilities rounded to it. The reference adds float products in double; a
/// product of two binary16 numbers has 22 bits, so it is exact in either and one fused multiply-add in double has the reference's bits.
/// </summary>
/// <remarks>
/// The queries that share a KV head (a group of heads, over all rows) are the lanes: sixteen of them make a group, and each lane keeps the
/// order of positions in its scores' softmax. Four groups share each tile of keys and values once widened. A probability of a position that
/// a query does not see is 0, which adds nothing.
/// </remarks>
internal sealed unsafe class HalfAttentionWork(int workers) : IParallelWork, IDisposable
{
    private const int Lanes = 16;

    private const int GroupsPerItem = 4;

    private const int ItemLanes = Lanes * GroupsPerItem;

    /// <summary>Positions whose scores are summed together, and positions of a tile of values.</summary>
    private const int KeyTile = 8,
        ValueTile = 16;

    /// <summary>Value elements summed together.</summary>
    private const int Strip = 32;

    private byte* scratch;
    private nint scratchPerWorker;
    private nint queriesAt,
        keysAt,
        valuesAt,
        outputsAt,
        scoresAt;

    public HalfCache? Cache { get; set; }

    public AttentionShape Shape { get; set; }

    public int Layer { get; set; }

    public int Position { get; set; }

    public int Rows { get; set; }

    public float* Q { get; set; }

    public float* Y { get; set; }

    private int HeadsPerKv => Shape.Heads / Shape.KvHeads;

    private int ValueStride => (Shape.ValueHeadSize + Strip - 1) / Strip * Strip;

    /// <summary>Makes room for the shape and that many positions.</summary>
    public void Reserve(int positions)
    {
        nint size = Shape.HeadSize + 15;
        queriesAt = 0;
        keysAt = queriesAt + (size * ItemLanes * sizeof(double));
        valuesAt = keysAt + (size * KeyTile * sizeof(double));
        outputsAt = valuesAt + ((nint)ValueStride * ValueTile * sizeof(double));
        scoresAt = outputsAt + ((nint)ValueStride * ItemLanes * sizeof(double));
        var needed = scoresAt + (((nint)positions + ValueTile) * ItemLanes * sizeof(float));
        needed = (needed + 4095) & ~4095;
        if (needed <= scratchPerWorker)
            return;
        NativeMemory.AlignedFree(scratch);
        scratch = (byte*)NativeMemory.AlignedAlloc((nuint)(needed * workers), 64);
        scratchPerWorker = needed;
    }

    public void Run(int worker, int part, int parts)
    {
        // Infinity times the probability 0 of an unseen position would not be nothing, so then every query of an item sees the same
        // positions.
        var lanes =
            !Cache!.HasInfinity ? ItemLanes
            : HeadsPerKv <= ItemLanes ? HeadsPerKv
            : 1;
        var chunks = ((Rows * HeadsPerKv) + lanes - 1) / lanes;
        var total = chunks * Shape.KvHeads;
        int from = (int)((long)total * part / parts),
            to = (int)((long)total * (part + 1) / parts);
        for (var i = from; i < to; i++)
            Item(i % Shape.KvHeads, i / Shape.KvHeads * lanes, lanes, scratch + (worker * scratchPerWorker));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(scratch);
        scratch = null;
    }

    /// <summary>Up to <paramref name="lanes"/> queries of one KV head from lane <paramref name="lane"/> on.</summary>
    private void Item(int kvHead, int lane, int lanes, byte* work)
    {
        var queries = (double*)(work + queriesAt);
        var outputs = (double*)(work + outputsAt);
        var scores = (float*)(work + scoresAt);
        var count = Math.Min(lanes, (Rows * HeadsPerKv) - lane);
        var groups = (count + Lanes - 1) / Lanes;
        var first = First(lane);
        var positions = Last(lane + count - 1) + 1 - first;
        var scoresOfGroup = (nint)((positions + ValueTile - 1) / ValueTile * ValueTile) * Lanes;
        LoadQueries(kvHead, lane, count, groups, queries);
        Scores(kvHead, lane, count, first, positions, queries, (double*)(work + keysAt), scores, scoresOfGroup);
        for (var g = 0; g < groups; g++)
            SoftMax(kvHead, lane + (g * Lanes), Math.Min(Lanes, count - (g * Lanes)), first, positions, scores + (g * scoresOfGroup));
        Outputs(kvHead, lane, count, first, positions, scores, scoresOfGroup, (double*)(work + valuesAt), outputs);
        for (var i = 0; i < count; i++)
        {
            var y =
                Y
                + (
                    (((nint)((lane + i) / HeadsPerKv) * Shape.Heads) + (kvHead * HeadsPerKv) + ((lane + i) % HeadsPerKv))
                    * Shape.ValueHeadSize
                );
            var output = outputs + ((nint)i * ValueStride);
            for (var e = 0; e < Shape.ValueHeadSize; e++)
                y[e] = (float)output[e];
        }
    }

    /// <summary>Last position that a lane's query sees.</summary>
    private int Last(int lane) => Position + (lane / HeadsPerKv);

    /// <summary>First position that a lane's query sees.</summary>
    private int First(int lane) => Shape.First(Last(lane));

    /// <summary>[group][element][lane] in double; unused lanes are 0.</summary>
    private void LoadQueries(int kvHead, int lane, int count, int groups, double* to)
    {
        var size = Shape.HeadSize;
        new Span<double>(to, groups * Lanes * size).Clear();
        var query = stackalloc float[size];
        for (var i = 0; i < count; i++)
        {
            var source = Q + ((((nint)((lane + i) / HeadsPerKv) * Shape.Heads) + (kvHead * HeadsPerKv) + ((lane + i) % HeadsPerKv)) * size);
            for (var e = 0; e < size; e++)
                query[e] = Shape.ScaleQuery ? source[e] * Shape.Scale : source[e];
            HalfVectors.Round(query, query, size);
            var target = to + ((nint)(i / Lanes) * Lanes * size) + (i % Lanes);
            for (var e = 0; e < size; e++)
                target[(nint)e * Lanes] = query[e];
        }
    }

    private void Scores(
        int kvHead,
        int lane,
        int count,
        int first,
        int positions,
        double* queries,
        double* keys,
        float* scores,
        nint scoresOfGroup
    )
    {
        var size = Shape.HeadSize;
        nint stride = size + 15; // the widening writes whole vectors
        for (var tile = 0; tile < positions; tile += KeyTile)
        {
            for (var p = 0; p < KeyTile; p++)
                Cache!.Widen(
                    Cache.Key(Layer, first + Math.Min(tile + p, positions - 1)) + ((nint)kvHead * size),
                    keys + (p * stride),
                    size
                );
            if (count <= Lanes / 2)
            {
                ScoresOfFewLanes(queries, keys, stride, size, scores + (tile * Lanes));
                continue;
            }

            for (var g = 0; g * Lanes < count; g++)
                if (Sees(lane, count, g, first + tile, KeyTile))
                    ScoresOfTile(queries + ((nint)g * Lanes * size), keys, stride, size, scores + (g * scoresOfGroup) + (tile * Lanes));
        }
    }

    /// <summary>Whether a query of the group sees one of the positions.</summary>
    private bool Sees(int lane, int count, int group, int position, int positions)
    {
        int from = lane + (group * Lanes),
            to = lane + Math.Min(count, (group + 1) * Lanes) - 1;
        return position <= Last(to) && position + positions > First(from);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> MultiplyAdd(Vector512<double> a, double b, Vector512<double> c) =>
        Fma.IsSupported ? Vector512.FusedMultiplyAdd(a, Vector512.Create(b), c) : (a * b) + c;

    /// <summary>Eight positions against sixteen queries.</summary>
    private static void ScoresOfTile(double* q, double* k, nint stride, int size, float* scores)
    {
        Vector512<double> l0 = Vector512<double>.Zero,
            l1 = l0,
            l2 = l0,
            l3 = l0,
            l4 = l0,
            l5 = l0,
            l6 = l0,
            l7 = l0;
        Vector512<double> h0 = l0,
            h1 = l0,
            h2 = l0,
            h3 = l0,
            h4 = l0,
            h5 = l0,
            h6 = l0,
            h7 = l0;
        var k4 = k + (4 * stride);
        for (var e = 0; e < size; e++, q += Lanes, k++, k4++)
        {
            Vector512<double> l = Vector512.Load(q),
                h = Vector512.Load(q + 8);
            l0 = MultiplyAdd(l, k[0], l0);
            h0 = MultiplyAdd(h, k[0], h0);
            l1 = MultiplyAdd(l, k[stride], l1);
            h1 = MultiplyAdd(h, k[stride], h1);
            l2 = MultiplyAdd(l, k[2 * stride], l2);
            h2 = MultiplyAdd(h, k[2 * stride], h2);
            l3 = MultiplyAdd(l, k[3 * stride], l3);
            h3 = MultiplyAdd(h, k[3 * stride], h3);
            l4 = MultiplyAdd(l, k4[0], l4);
            h4 = MultiplyAdd(h, k4[0], h4);
            l5 = MultiplyAdd(l, k4[stride], l5);
            h5 = MultiplyAdd(h, k4[stride], h5);
            l6 = MultiplyAdd(l, k4[2 * stride], l6);
            h6 = MultiplyAdd(h, k4[2 * stride], h6);
            l7 = MultiplyAdd(l, k4[3 * stride], l7);
            h7 = MultiplyAdd(h, k4[3 * stride], h7);
        }

        Vector512.Narrow(l0, h0).Store(scores);
        Vector512.Narrow(l1, h1).Store(scores + Lanes);
        Vector512.Narrow(l2, h2).Store(scores + (2 * Lanes));
        Vector512.Narrow(l3, h3).Store(scores + (3 * Lanes));
        Vector512.Narrow(l4, h4).Store(scores + (4 * Lanes));
        Vector512.Narrow(l5, h5).Store(scores + (5 * Lanes));
        Vector512.Narrow(l6, h6).Store(scores + (6 * Lanes));
        Vector512.Narrow(l7, h7).Store(scores + (7 * Lanes));
    }

    /// <summary>Eight positions against eight queries; the other lanes are left 0.</summary>
    private static void ScoresOfFewLanes(double* q, double* k, nint stride, int size, float* scores)
    {
        Vector512<double> l0 = Vector512<double>.Zero,
            l1 = l0,
            l2 = l0,
            l3 = l0,
            l4 = l0,
            l5 = l0,
            l6 = l0,
            l7 = l0;
        var k4 = k + (4 * stride);
        for (var e = 0; e < size; e++, q += Lanes, k++, k4++)
        {
            var l = Vector512.Load(q);
            l0 = MultiplyAdd(l, k[0], l0);
            l1 = MultiplyAdd(l, k[stride], l1);
            l2 = MultiplyAdd(l, k[2 * stride], l2);
            l3 = MultiplyAdd(l, k[3 * stride], l3);
            l4 = MultiplyAdd(l, k4[0], l4);
            l5 = MultiplyAdd(l, k4[stride], l5);
            l6 = MultiplyAdd(l, k4[2 * stride], l6);
            l7 = MultiplyAdd(l, k4[3 * stride], l7);
        }

        Vector512.Narrow(l0, Vector512<double>.Zero).Store(scores);
        Vector512.Narrow(l1, Vector512<double>.Zero).Store(scores + Lanes);
        Vector512.Narrow(l2, Vector512<double>.Zero).Store(scores + (2 * Lanes));
        Vector512.Narrow(l3, Vector512<double>.Zero).Store(scores + (3 * Lanes));
        Vector512.Narrow(l4, Vector512<double>.Zero).Store(scores + (4 * Lanes));
        Vector512.Narrow(l5, Vector512<double>.Zero).Store(scores + (5 * Lanes));
        Vector512.Narrow(l6, Vector512<double>.Zero).Store(scores + (6 * Lanes));
        Vector512.Narrow(l7, Vector512<double>.Zero).Store(scores + (7 * Lanes));
    }

    /// <summary>Scores of a group to probabilities; [position][lane], 0 where a lane does not see the position.</summary>
    [SuppressMessage("Design", "MA0051", Justification = "Maximum and sum stay in registers only within one method.")]
    private void SoftMax(int kvHead, int lane, int count, int first, int positions, float* p)
    {
        int* firsts = stackalloc int[Lanes],
            lasts = stackalloc int[Lanes];
        float* sink = stackalloc float[Lanes];
        var sinks = (SimdBuffer?)Shape.Sinks;
        for (var i = 0; i < Lanes; i++)
        {
            var of = lane + Math.Min(i, count - 1);
            firsts[i] = First(of) - first;
            lasts[i] = Last(of) - first;
            sink[i] = sinks is null ? float.NegativeInfinity : sinks.Data[(kvHead * HeadsPerKv) + (of % HeadsPerKv)];
        }

        // Every lane sees what lies between the last first and the first last.
        int from = firsts[0],
            to = lasts[Lanes - 1],
            within = firsts[Lanes - 1],
            until = lasts[0];
        Vector512<int> firstSeen = Vector512.Load(firsts),
            lastSeen = Vector512.Load(lasts);
        var largest = Vector512.Load(sink);
        for (var j = from; j <= to; j++)
        {
            var x = Vector512.Load(p + ((nint)j * Lanes));
            if (Shape.SoftCap != 0)
                x = Cap(x);
            if (!Shape.ScaleQuery)
                x *= Vector512.Create(Shape.Scale);
            if (j < within || j > until)
            {
                var at = Vector512.Create(j);
                var seen = Vector512.GreaterThanOrEqual(at, firstSeen) & Vector512.LessThanOrEqual(at, lastSeen);
                x = Vector512.ConditionalSelect(seen.AsSingle(), x, Vector512.Create(float.NegativeInfinity));
            }

            x.Store(p + ((nint)j * Lanes));
            largest = Vector512.MaxNative(largest, x);
        }

        Vector512<double> low = Vector512<double>.Zero,
            high = low;
        for (var j = from; j <= to; j++)
        {
            var e = Exponential.Exp(Vector512.Load(p + ((nint)j * Lanes)) - largest);
            low += Vector512.WidenLower(e);
            high += Vector512.WidenUpper(e);
            e.Store(p + ((nint)j * Lanes));
        }

        if (sinks is not null)
        {
            var e = Exponential.Exp(Vector512.Load(sink) - largest);
            low += Vector512.WidenLower(e);
            high += Vector512.WidenUpper(e);
        }

        var inverse = Vector512.Narrow(Vector512<double>.One / low, Vector512<double>.One / high);
        for (var j = from; j <= to; j++)
        {
            var e = Vector512.Load(p + ((nint)j * Lanes)) * inverse;
            HalfVectors.Round(e.GetLower()).Store(p + ((nint)j * Lanes));
            HalfVectors.Round(e.GetUpper()).Store(p + ((nint)j * Lanes) + 8);
        }

        // A tile of values is multiplied whole.
        new Span<float>(p, from * Lanes).Clear();
        var end = (positions + ValueTile - 1) / ValueTile * ValueTile;
        new Span<float>(p + ((nint)(to + 1) * Lanes), (end - to - 1) * Lanes).Clear();
    }

    private Vector512<float> Cap(Vector512<float> x)
    {
        var inverse = 1 / Shape.SoftCap;
        for (var i = 0; i < Lanes; i++)
            x = x.WithElement(i, HyperbolicTangent.Tanh(x.GetElement(i) * inverse) * Shape.SoftCap);
        return x;
    }

    /// <summary>[lane][element] in double.</summary>
    private void Outputs(
        int kvHead,
        int lane,
        int count,
        int first,
        int positions,
        float* scores,
        nint scoresOfGroup,
        double* values,
        double* outputs
    )
    {
        nint stride = ValueStride;
        new Span<double>(outputs, (count + 3) / 4 * 4 * (int)stride).Clear();
        var p = stackalloc double[ValueTile * Lanes];
        for (var tile = 0; tile < positions; tile += ValueTile)
        {
            var filled = Math.Min(ValueTile, positions - tile);
            for (var j = 0; j < filled; j++)
                Cache!.Widen(
                    Cache.Value(Layer, first + tile + j) + ((nint)kvHead * Shape.ValueHeadSize),
                    values + (j * stride),
                    Shape.ValueHeadSize
                );
            new Span<double>(values + (filled * stride), (ValueTile - filled) * (int)stride).Clear();
            for (var g = 0; g * Lanes < count; g++)
            {
                if (!Sees(lane, count, g, first + tile, ValueTile))
                    continue;
                var probabilities = scores + (g * scoresOfGroup) + (tile * Lanes);
                for (var j = 0; j < ValueTile; j++)
                {
                    var x = Vector512.Load(probabilities + (j * Lanes));
                    Vector512.WidenLower(x).Store(p + (j * Lanes));
                    Vector512.WidenUpper(x).Store(p + (j * Lanes) + 8);
                }

                for (var i = 0; i < Lanes && (g * Lanes) + i < count; i += 4)
                for (nint e = 0; e < stride; e += Strip)
                    OutputsOfTile(p + i, values + e, stride, outputs + (((nint)((g * Lanes) + i) * stride) + e));
            }
        }
    }

    /// <summary>Sixteen positions into 32 elements of four queries.</summary>
    private static void OutputsOfTile(double* p, double* v, nint stride, double* to)
    {
        double* t1 = to + stride,
            t2 = t1 + stride,
            t3 = t2 + stride;
        Vector512<double> a0 = Vector512.Load(to),
            a1 = Vector512.Load(to + 8),
            a2 = Vector512.Load(to + 16),
            a3 = Vector512.Load(to + 24);
        Vector512<double> b0 = Vector512.Load(t1),
            b1 = Vector512.Load(t1 + 8),
            b2 = Vector512.Load(t1 + 16),
            b3 = Vector512.Load(t1 + 24);
        Vector512<double> c0 = Vector512.Load(t2),
            c1 = Vector512.Load(t2 + 8),
            c2 = Vector512.Load(t2 + 16),
            c3 = Vector512.Load(t2 + 24);
        Vector512<double> d0 = Vector512.Load(t3),
            d1 = Vector512.Load(t3 + 8),
            d2 = Vector512.Load(t3 + 16),
            d3 = Vector512.Load(t3 + 24);
        for (var j = 0; j < ValueTile; j++, p += Lanes, v += stride)
        {
            Vector512<double> v0 = Vector512.Load(v),
                v1 = Vector512.Load(v + 8),
                v2 = Vector512.Load(v + 16),
                v3 = Vector512.Load(v + 24);
            a0 = MultiplyAdd(v0, p[0], a0);
            a1 = MultiplyAdd(v1, p[0], a1);
            a2 = MultiplyAdd(v2, p[0], a2);
            a3 = MultiplyAdd(v3, p[0], a3);
            b0 = MultiplyAdd(v0, p[1], b0);
            b1 = MultiplyAdd(v1, p[1], b1);
            b2 = MultiplyAdd(v2, p[1], b2);
            b3 = MultiplyAdd(v3, p[1], b3);
            c0 = MultiplyAdd(v0, p[2], c0);
            c1 = MultiplyAdd(v1, p[2], c1);
            c2 = MultiplyAdd(v2, p[2], c2);
            c3 = MultiplyAdd(v3, p[2], c3);
            d0 = MultiplyAdd(v0, p[3], d0);
            d1 = MultiplyAdd(v1, p[3], d1);
            d2 = MultiplyAdd(v2, p[3], d2);
            d3 = MultiplyAdd(v3, p[3], d3);
        }

        Store(to, a0, a1, a2, a3);
        Store(t1, b0, b1, b2, b3);
        Store(t2, c0, c1, c2, c3);
        Store(t3, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* to, Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d)
    {
        a.Store(to);
        b.Store(to + 8);
        c.Store(to + 16);
        d.Store(to + 24);
    }
}
