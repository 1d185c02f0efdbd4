using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Runtime.Functional;

/// <summary>Which experts a token uses and with what weights.</summary>
public static class ExpertRouter
{
    private const float SmallestSum = 6.103515625e-5f;

    /// <summary>Chooses from router logits, in falling order; of equal ones the lower index first.</summary>
    /// <param name="logits">One for each expert.</param>
    /// <param name="bias">Added to the scores for the choice alone; or null.</param>
    /// <param name="used">Experts to choose.</param>
    /// <param name="traits">Function, groups and factor.</param>
    public static IReadOnlyList<(int Expert, float Weight)> Choose(ReadOnlySpan<float> logits, float[]? bias, int used, ModelTraits traits)
    {
        var scores = Scores(logits, traits.ExpertGating);
        var ranks = bias is null ? scores : scores.Zip(bias, (score, more) => score + more).ToArray();
        if (traits.ExpertGroups > 1)
            ranks = BestGroups(ranks, traits.ExpertGroups, traits.ExpertGroupsUsed);
        var order = Enumerable.Range(0, ranks.Length).OrderByDescending(i => ranks[i]).ThenBy(i => i).Take(used).ToArray();
        var weights = order.Select(i => scores[i]).ToArray();
        if (traits.ExpertGating == ExpertGating.SoftmaxOfChosen)
            weights = Softmax(weights);
        else if (traits.ExpertGating == ExpertGating.SigmoidOfChosen)
            weights = Array.ConvertAll(weights, Sigmoid);
        else if (traits.ExpertGating is ExpertGating.SoftmaxRenormalised or ExpertGating.SigmoidRenormalised)
            Renormalise(weights);
        if (traits.ExpertWeightScale is not (0 or 1))
            weights = Array.ConvertAll(weights, w => w * traits.ExpertWeightScale);
        return [.. order.Zip(weights)];
    }

    private static float[] Scores(ReadOnlySpan<float> logits, ExpertGating gating) =>
        gating switch
        {
            ExpertGating.SoftmaxOfChosen or ExpertGating.SigmoidOfChosen => logits.ToArray(),
            ExpertGating.Sigmoid or ExpertGating.SigmoidRenormalised => Array.ConvertAll(logits.ToArray(), Sigmoid),
            _ => Softmax(logits),
        };

    // Experts outside the groups whose two best have the largest sums are out of the choice (DeepSeek-V3, arXiv:2412.19437, §2.1.2).
    private static float[] BestGroups(float[] ranks, int groups, int used)
    {
        var size = ranks.Length / groups;
        var sums = new float[groups];
        for (var g = 0; g < groups; g++)
        {
            var best = ranks.Skip(g * size).Take(size).OrderDescending().Take(2).ToArray();
            sums[g] = (float)((double)best[0] + best[1]);
        }

        var kept = Enumerable.Range(0, groups).OrderByDescending(g => sums[g]).ThenBy(g => g).Take(used).ToHashSet();
        return [.. ranks.Select((rank, i) => kept.Contains(i / size) ? rank : float.NegativeInfinity)];
    }

    private static void Renormalise(float[] weights)
    {
        double sum = 0;
        foreach (var w in weights)
            sum += w;
        var total = MathF.Max((float)sum, SmallestSum);
        for (var i = 0; i < weights.Length; i++)
            weights[i] /= total;
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    private static float[] Softmax(ReadOnlySpan<float> x)
    {
        var max = float.NegativeInfinity;
        foreach (var v in x)
            max = MathF.Max(max, v);
        var result = new float[x.Length];
        double sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = MathF.Exp(x[i] - max);
            sum += result[i];
        }

        var inverse = (float)(1 / sum);
        for (var i = 0; i < x.Length; i++)
            result[i] *= inverse;
        return result;
    }
}
