using CsCheck;
using NUnit.Framework;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Compiler.Tests.Quantize;

/// <summary>Sharing a budget of bits.</summary>
[Category("Compiler")]
public class AllocateBitsTests
{
    private static readonly double[] Bits = [2, 3, 4, 5];

    // Each further bit quarters the loss, as halving the step of a quantiser does.
    private static double[] Loss(double sensitivity) => [.. Bits.Select(b => sensitivity * Math.Pow(4, -b))];

    [Test]
    public void Equal_tensors_share_equally() =>
        Assert.That(AllocateBits.Greedy([Bits, Bits, Bits], [Loss(1), Loss(1), Loss(1)], 9), Is.EqualTo([1, 1, 1]));

    [Test]
    public void A_tensor_sixteen_times_as_sensitive_gets_two_bits_more() =>
        Assert.That(AllocateBits.Greedy([Bits, Bits], [Loss(1), Loss(16)], 6), Is.EqualTo([0, 2]));

    [Test]
    public void A_step_that_brings_nothing_alone_does_not_hide_the_one_behind_it() =>
        Assert.That(
            AllocateBits.Greedy(
                [
                    [2, 3, 4],
                ],
                [
                    [1, 1, 0],
                ],
                4
            ),
            Is.EqualTo([2])
        );

    [Test]
    public void The_budget_holds_and_the_result_is_the_best_of_all_on_convex_losses_with_equal_sizes()
    {
        Gen.Select(Gen.Double[0.01, 100].Array[2, 4], Gen.Int[0, 8])
            .Sample(
                (sensitivities, extra) =>
                {
                    var budget = (2.0 * sensitivities.Length) + extra;
                    var loss = sensitivities.Select(Loss).ToArray();
                    var chosen = AllocateBits.Greedy([.. sensitivities.Select(_ => Bits)], loss, budget);
                    Assert.That(chosen.Sum(o => Bits[o]), Is.LessThanOrEqualTo(budget));
                    Assert.That(chosen.Select((o, t) => loss[t][o]).Sum(), Is.EqualTo(Best(loss, 0, budget)).Within(1e-9).Percent);
                }
            );
    }

    private static double Best(double[][] loss, int tensor, double budget)
    {
        if (tensor == loss.Length)
            return 0;
        var best = double.PositiveInfinity;
        for (var o = 0; o < Bits.Length && Bits[o] + (2 * (loss.Length - tensor - 1)) <= budget; o++)
            best = Math.Min(best, loss[tensor][o] + Best(loss, tensor + 1, budget - Bits[o]));
        return best;
    }
}
