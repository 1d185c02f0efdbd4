namespace TaalasSim.Runtime.Decode;

/// <summary>Samplers that drop candidates.</summary>
internal static class TruncationSamplers
{
    /// <summary>Keeps the <paramref name="k"/> largest logits; 0 or less keeps all.</summary>
    public static void TopK(CandidateSet set, int k)
    {
        if (k <= 0)
            return;
        set.Sort();
        set.Truncate(Math.Min(k, set.Count));
    }

    /// <summary>Nucleus sampling (Holtzman et al. 2019).</summary>
    public static void TopP(CandidateSet set, float p, int minimum)
    {
        if (p >= 1)
            return;
        // The probabilities come first, in the order of the array: sorting before would change the float sum.
        set.Softmax(sort: false);
        set.Sort();
        var items = set.Items;
        float sum = 0;
        for (var i = 0; i < items.Length; i++)
        {
            sum += items[i].P;
            if (sum < p || i + 1 < minimum)
                continue;
            set.Truncate(i + 1);
            return;
        }
    }

    /// <summary>Keeps tokens with at least <paramref name="p"/> times the largest probability.</summary>
    public static void MinP(CandidateSet set, float p, int minimum)
    {
        if (p <= 0 || set.Count == 0)
            return;
        if (!set.IsSorted)
        {
            var least = set.Maximum() + MathF.Log(p);
            var items = set.Items;
            var kept = 0;
            foreach (ref readonly var item in items)
                kept += item.Logit >= least ? 1 : 0;
            if (kept >= Math.Max(minimum, 1))
            {
                var at = 0;
                for (var i = 0; i < items.Length; i++)
                    if (items[i].Logit >= least)
                        items[at++] = items[i];
                set.Truncate(kept);
                return;
            }
            set.Sort();
        }

        var sorted = set.Items;
        var bound = sorted[0].Logit + MathF.Log(p);
        var count = 1;
        while (count < sorted.Length && (sorted[count].Logit >= bound || count < minimum))
            count++;
        set.Truncate(count);
    }

    /// <summary>Locally typical sampling (Meister et al. 2022).</summary>
    public static void Typical(CandidateSet set, float p, int minimum)
    {
        if (p >= 1)
            return;
        set.Softmax(sort: true);
        var items = set.Items.ToArray();
        float entropy = 0;
        foreach (var item in items)
            entropy += -item.P * MathF.Log(item.P);
        var scores = Array.ConvertAll(items, item => MathF.Abs(-MathF.Log(item.P) - entropy));
        var order = Enumerable.Range(0, items.Length).ToArray();
        Array.Sort(order, (a, b) => scores[a] != scores[b] ? scores[a].CompareTo(scores[b]) : a.CompareTo(b));
        float sum = 0;
        var last = order.Length;
        for (var i = 0; i < order.Length; i++)
        {
            sum += items[order[i]].P;
            if (sum <= p || (minimum > 0 && i < minimum - 1))
                continue;
            last = i + 1;
            break;
        }
        for (var i = 0; i < last; i++)
            set.Items[i] = items[order[i]];
        set.Truncate(last);
        set.IsSorted = false;
    }

    /// <summary>Bans logits further than <paramref name="n"/> standard deviations below the largest.</summary>
    public static void TopNSigma(CandidateSet set, float n)
    {
        if (n <= 0 || set.Count <= 1)
            return;
        float sum = 0;
        var count = 0;
        foreach (ref readonly var item in set.Items)
        {
            if (float.IsNegativeInfinity(item.Logit))
                continue;
            sum += item.Logit;
            count++;
        }
        var mean = count > 0 ? sum / count : 0;
        float squares = 0;
        foreach (ref readonly var item in set.Items)
            if (!float.IsNegativeInfinity(item.Logit))
                squares = (float)(squares + Math.Pow(item.Logit - mean, 2));
        var deviation = count > 0 ? MathF.Sqrt(squares / count) : 0;
        var least = set.Maximum() - (n * deviation);
        foreach (ref var item in set.Items)
            if (item.Logit < least)
                item.Logit = float.NegativeInfinity;
    }

    /// <summary>Excludes all but the least likely of the choices that reach <paramref name="threshold"/>, once in a while.</summary>
    public static void Xtc(CandidateSet set, float probability, float threshold, int minimum, MersenneTwister random)
    {
        if (probability <= 0 || threshold > 0.5f || set.Count < 2 || random.NextSingle() > probability)
            return;
        set.Softmax(sort: true);
        var last = 0;
        while (last + 1 < set.Count && set.Items[last + 1].P >= threshold)
            last++;
        if (set.Items[0].P < threshold || last == 0 || set.Count - last < minimum)
            return;
        set.DropFirst(last);
    }
}
