namespace TaalasSim.Runtime.Decode;

/// <summary>Mirostat (Basu et al. 2020): keeps the surprise of the text near a target. One instance for each answer.</summary>
internal sealed class MirostatSampler(int version, float tau, float eta, int vocabulary)
{
    // Number of candidates from which version 1 estimates the exponent of Zipf's law.
    private const int Estimated = 100;
    private float _mu = 2 * tau;

    /// <summary>Draws; returns the index of the choice.</summary>
    public int Draw(CandidateSet set, MersenneTwister random)
    {
        set.Softmax(sort: true);
        if (version == 1)
            TruncationSamplers.TopK(set, Math.Max(ZipfCut(set), 1));
        else
            set.Truncate(Math.Max(1, Known(set)));
        set.Softmax(sort: true);
        var index = Discrete(set.Items, random);
        _mu -= eta * (-MathF.Log2(set.Items[index].P) - tau);
        return index;
    }

    private int Known(CandidateSet set)
    {
        var items = set.Items;
        var count = 0;
        while (count < items.Length && -MathF.Log2(items[count].P) <= _mu)
            count++;
        return count;
    }

    private int ZipfCut(CandidateSet set)
    {
        var items = set.Items;
        float products = 0,
            squares = 0;
        for (var i = 0; i < Estimated - 1 && i < items.Length - 1; i++)
        {
            var t = MathF.Log((float)(i + 2) / (i + 1));
            products += t * MathF.Log(items[i].P / items[i + 1].P);
            squares += t * t;
        }
        var s = products / squares;
        var epsilon = s - 1;
        var k = MathF.Pow(epsilon * MathF.Pow(2, _mu) / (1 - MathF.Pow(vocabulary, -epsilon)), 1 / s);
        return float.IsFinite(k) ? (int)Math.Min(k, items.Length) : items.Length;
    }

    // As std::discrete_distribution of libstdc++: partial sums in double, the first that reaches the draw; one candidate takes no draw.
    private static int Discrete(ReadOnlySpan<Candidate> items, MersenneTwister random)
    {
        if (items.Length == 1)
            return 0;
        double sum = 0;
        foreach (var item in items)
            sum += item.P;
        var u = random.NextDouble();
        double running = 0;
        for (var i = 0; i < items.Length - 1; i++)
        {
            running += items[i].P / sum;
            if (running >= u)
                return i;
        }
        return items.Length - 1;
    }
}
