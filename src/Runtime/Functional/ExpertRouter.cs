using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Runtime.Functional;

/// <summary>Which experts a token uses and with what weights.</summary>
public static class ExpertRouter
{
    private const float SmallestSum = 6.103515625e-5f;

    /// <summary>Chooses from router logits, in falling order; of equal ones the lower index first.</summary>
    public static IReadOnlyList<(int Expert, float Weight)> Choose(ReadOnlySpan<float> logits, int used, ExpertGating gating)
    {
        var scores = gating == ExpertGating.SoftmaxOfChosen ? logits.ToArray() : Softmax(logits);
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(used).ToArray();
        var weights = order.Select(i => scores[i]).ToArray();
        if (gating == ExpertGating.SoftmaxOfChosen)
        {
            weights = Softmax(weights);
        }
        else if (gating == ExpertGating.SoftmaxRenormalised)
        {
            double sum = 0;
            foreach (var w in weights)
                sum += w;
            var total = MathF.Max((float)sum, SmallestSum);
            for (var i = 0; i < weights.Length; i++)
                weights[i] /= total;
        }

        return [.. order.Zip(weights)];
    }

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
