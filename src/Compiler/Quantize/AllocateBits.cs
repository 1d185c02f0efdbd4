namespace TaalasSim.Compiler.Quantize;

/// <summary>
/// Shares a budget of bits among tensors so that the sum of their losses is small: from the narrowest formats on, the step with the largest
/// fall of loss per bit is taken until none fits. On the lower convex hull of each tensor's (bits, loss) points these are the solutions of
/// the Lagrangian Σ loss + λ Σ bits; steps skip points that lie above the hull.
/// </summary>
public static class AllocateBits
{
    /// <summary>Chosen option of each tensor.</summary>
    /// <param name="bits">[tensor][option] bits of the whole tensor, rising.</param>
    /// <param name="loss">[tensor][option] loss.</param>
    /// <param name="budget">Bits of all tensors; the narrowest options are taken even when they exceed it.</param>
    public static int[] Greedy(IReadOnlyList<double[]> bits, IReadOnlyList<double[]> loss, double budget)
    {
        var chosen = new int[bits.Count];
        var used = bits.Sum(b => b[0]);
        while (true)
        {
            int bestTensor = -1,
                bestOption = 0;
            double bestGain = 0;
            for (var t = 0; t < chosen.Length; t++)
            {
                for (var o = chosen[t] + 1; o < bits[t].Length; o++)
                {
                    var cost = bits[t][o] - bits[t][chosen[t]];
                    var gain = (loss[t][chosen[t]] - loss[t][o]) / cost;
                    if (gain > bestGain && used + cost <= budget * (1 + 1e-12))
                        (bestTensor, bestOption, bestGain) = (t, o, gain);
                }
            }

            if (bestTensor < 0)
                return chosen;
            used += bits[bestTensor][bestOption] - bits[bestTensor][chosen[bestTensor]];
            chosen[bestTensor] = bestOption;
        }
    }
}
