namespace TaalasSim.Runtime.Decode;

/// <summary>The tokens that may still be chosen, as a chain of samplers narrows them. Sums run in the order of the array and in float32,
/// as in llama.cpp, so that a seed gives the same tokens.</summary>
internal sealed class CandidateSet
{
    private Candidate[] _items = [];
    private int _start;

    /// <summary>Number of candidates.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the logits fall from first to last.</summary>
    public bool IsSorted { get; set; }

    /// <summary>The candidates.</summary>
    public Span<Candidate> Items => _items.AsSpan(_start, Count);

    /// <summary>Takes every token of the vocabulary, in order of id.</summary>
    public void Fill(ReadOnlySpan<float> logits)
    {
        if (_items.Length != logits.Length)
            _items = new Candidate[logits.Length];
        for (var i = 0; i < logits.Length; i++)
            _items[i] = new Candidate(i, logits[i], 0);
        (_start, Count, IsSorted) = (0, logits.Length, false);
    }

    /// <summary>Keeps the first <paramref name="count"/> candidates.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Drops the first <paramref name="count"/> candidates.</summary>
    public void DropFirst(int count)
    {
        _start += count;
        Count -= count;
    }

    /// <summary>Largest logit first; the lower id first among equals.</summary>
    public void Sort()
    {
        if (IsSorted)
            return;
        Items.Sort(static (a, b) => a.Logit != b.Logit ? b.Logit.CompareTo(a.Logit) : a.Id.CompareTo(b.Id));
        IsSorted = true;
    }

    /// <summary>Index of the largest logit, the first of equal ones.</summary>
    public int ArgMax()
    {
        var items = Items;
        var best = 0;
        for (var i = 1; i < items.Length; i++)
            if (items[i].Logit > items[best].Logit)
                best = i;
        return best;
    }

    /// <summary>Largest logit.</summary>
    public float Maximum()
    {
        var items = Items;
        var best = items[0].Logit;
        if (!IsSorted)
            foreach (ref readonly var item in items)
                best = Math.Max(best, item.Logit);
        return best;
    }

    /// <summary>Computes every <see cref="Candidate.P"/>, after sorting when asked.</summary>
    public void Softmax(bool sort)
    {
        if (sort)
            Sort();
        var items = Items;
        var maximum = Maximum();
        float sum = 0;
        foreach (ref var item in items)
        {
            item.P = MathF.Exp(item.Logit - maximum);
            sum += item.P;
        }
        foreach (ref var item in items)
            item.P /= sum;
    }

    /// <summary>
    /// Draws a candidate by its logit, in the order of the array, and computes every <see cref="Candidate.P"/>. A single candidate takes a
    /// draw too, so that the generator keeps step with llama.cpp's.
    /// </summary>
    /// <returns>Index of the candidate.</returns>
    public int Draw(MersenneTwister random)
    {
        var items = Items;
        var u = random.NextDouble();
        var maximum = Maximum();
        double sum = 0;
        foreach (ref var item in items)
        {
            item.P = MathF.Exp(item.Logit - maximum);
            sum += item.P;
        }
        var target = u * sum;
        var selected = -1;
        double running = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (selected < 0)
            {
                running += items[i].P;
                if (running >= target && items[i].P > 0)
                    selected = i;
            }
            items[i].P = (float)(items[i].P / sum);
        }
        return selected < 0 ? items.Length - 1 : selected;
    }
}
