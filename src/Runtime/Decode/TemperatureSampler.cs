namespace TaalasSim.Runtime.Decode;

/// <summary>Divides logits by a temperature: fixed, or between two bounds as the entropy of the candidates says.</summary>
internal static class TemperatureSampler
{
    /// <summary>Applies temperature <paramref name="t"/>; a positive <paramref name="range"/> makes it dynamic.</summary>
    public static void Apply(CandidateSet set, float t, float range, float exponent)
    {
        if (range <= 0)
        {
            Scale(set, t);
            return;
        }
        if (set.Count <= 1)
            return;
        var (low, high) = (Math.Max(0, t - range), t + range);
        var most = -MathF.Log(1f / set.Count);
        set.Softmax(sort: true);
        float entropy = 0;
        foreach (ref readonly var item in set.Items)
            if (item.P > 0)
                entropy -= item.P * MathF.Log(item.P);
        Scale(set, low + ((high - low) * MathF.Pow(entropy / most, exponent)));
    }

    /// <summary>Temperature 0 or less bans every token but the first of the largest.</summary>
    private static void Scale(CandidateSet set, float t)
    {
        var items = set.Items;
        if (t > 0)
        {
            foreach (ref var item in items)
                item.Logit /= t;
            return;
        }
        var best = set.ArgMax();
        for (var i = 0; i < items.Length; i++)
            if (i != best)
                items[i].Logit = float.NegativeInfinity;
    }
}
