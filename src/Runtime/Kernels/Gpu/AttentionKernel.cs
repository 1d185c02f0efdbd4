using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// Attention, one group per token and head. Threads share out positions for the scores and elements for the outputs, so that every sum runs
/// in the order of the reference. Shared memory: the query, then one float per thread.
/// </summary>
internal static class AttentionKernel
{
    [SuppressMessage("Design", "MA0051", Justification = "A GPU kernel is one method; its barriers must not move.")]
    public static void Run<TStored, TRead, TSum, TElementary>(
        AttentionArguments a,
        ArrayView<float> q,
        ArrayView<TStored> keys,
        ArrayView<TStored> values,
        ArrayView<float> sinks,
        ArrayView<float> scores,
        ArrayView<float> y,
        ArrayView<long> powers
    )
        where TStored : unmanaged
        where TRead : unmanaged, IStored<TStored>
        where TSum : unmanaged, IRunningSum<TSum>
        where TElementary : unmanaged, IElementary
    {
        var shared = SharedMemory.GetDynamic<float>();
        int thread = Group.IdxX,
            threads = Group.DimX,
            row = Grid.IdxX / a.Heads,
            head = Grid.IdxX % a.Heads;
        var kvHead = head / (a.Heads / a.KvHeads);
        var last = a.Seen > 0 ? a.Seen - 1 : a.Position + row;
        var first = 0;
        if (a.Window > 0 && a.Seen == 0)
            first = a.ChunkedWindow != 0 ? last - (last % a.Window) : Math.Max(0, last - a.Window + 1);
        var p = (long)Grid.IdxX * a.ScoreStride;

        for (var i = thread; i < a.HeadSize; i += threads)
        {
            var value = q[((((long)row * a.Heads) + head) * a.HeadSize) + i];
            value = a.ScaleQuery != 0 ? value * a.Scale : value;
            shared[i] = a.RoundToHalf != 0 ? HalfBits.Round(value) : value;
        }

        Group.Barrier();
        var sink = a.HasSinks != 0 ? sinks[head] : float.NegativeInfinity;
        var largest = sink;
        for (var j = first + thread; j <= last; j += threads)
        {
            var at = a.KeyStart + ((long)j * a.KeyStride) + ((long)kvHead * a.HeadSize * a.KeyElementStride);
            var sum = default(TSum);
            for (var i = 0; i < a.HeadSize; i++, at += a.KeyElementStride)
                sum = sum.Plus(shared[i] * default(TRead).Read(keys[at]));
            var score = sum.Over(1);
            if (a.SoftCap != 0)
                score = TElementary.Tanh(score * (1 / a.SoftCap)) * a.SoftCap;
            if (a.ScaleQuery == 0)
                score *= a.Scale;
            scores[p + j] = score;
            largest = score > largest ? score : largest;
        }

        shared[a.HeadSize + thread] = largest;
        Group.Barrier();
        for (var i = 0; i < threads; i++)
            largest = shared[a.HeadSize + i] > largest ? shared[a.HeadSize + i] : largest;
        for (var j = first + thread; j <= last; j += threads)
            scores[p + j] = TElementary.Exp(scores[p + j] - largest, powers);
        MemoryFence.GroupLevel();
        Group.Barrier();
        if (thread == 0)
        {
            var sum = default(TSum);
            for (var j = first; j <= last; j++)
                sum = sum.Plus(scores[p + j]);
            if (a.HasSinks != 0)
                sum = sum.Plus(TElementary.Exp(sink - largest, powers));
            shared[0] = sum.Reciprocal();
        }

        Group.Barrier();
        var inverse = shared[0];
        for (var j = first + thread; j <= last; j += threads)
        {
            var probability = scores[p + j] * inverse;
            scores[p + j] = a.RoundToHalf != 0 ? HalfBits.Round(probability) : probability;
        }

        MemoryFence.GroupLevel();
        Group.Barrier();
        for (var e = thread; e < a.ValueHeadSize; e += threads)
        {
            var at = a.ValueStart + ((long)first * a.ValueStride) + (kvHead * a.ValueHeadSize) + e;
            var sum = default(TSum);
            for (var j = first; j <= last; j++, at += a.ValueStride)
                sum = sum.Plus(scores[p + j] * default(TRead).Read(values[at]));
            y[((((long)row * a.Heads) + head) * a.ValueHeadSize) + e] = sum.Over(1);
        }
    }
}
