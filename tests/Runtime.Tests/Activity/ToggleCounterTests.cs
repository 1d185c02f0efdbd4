using CsCheck;
using NUnit.Framework;
using TaalasSim.Runtime.Activity;

namespace TaalasSim.Runtime.Tests.Activity;

[Category("Physics")]
public class ToggleCounterTests
{
    private static readonly ToggleWidths Widths = new(8, 10, 15, 32);

    [Test]
    public void Toggles_of_a_short_column_are_those_counted_by_hand()
    {
        // Activations 1, 3, −1: 0→1 one bit, 1→3 one bit, 3→−1 (8 bits: 00000011 → 11111111) six bits.
        Assert.That(ToggleCounter.Activations([1, 3, -1], 8), Is.EqualTo(8));
        // Weights 1, 0, 2: products 1, 0, −2 of 10 bits: one, one, nine bits. Sums 1, 1, −1 of 15 bits: one, none, fourteen.
        Assert.That(ToggleCounter.Column([1, 3, -1], [1, 0, 2], Widths), Is.EqualTo(11 + 15));
    }

    [Test]
    public void Zero_weights_move_nothing() =>
        Assert.That(ToggleCounter.Column([5, -7, 100, 3], [0, 0, 0, 0], Widths), Is.Zero);

    [Test]
    public void A_block_sum_starts_again_with_its_block()
    {
        // The sum of the first block, 32, leaves with it: 33 would need another bit than 1.
        var ones = Enumerable.Repeat((short)1, 33).ToArray();
        long toggles = 1;
        for (var n = 1; n < 32; n++)
            toggles += System.Numerics.BitOperations.PopCount((uint)(n ^ (n + 1)));
        toggles += 1 + System.Numerics.BitOperations.PopCount(32u ^ 1u);
        Assert.That(ToggleCounter.Column(ones, ones, Widths), Is.EqualTo(toggles));
    }

    [Test]
    public void Counts_are_those_of_bits_compared_one_by_one() =>
        Gen.Select(Gen.Short[-127, 127].Array[1, 70], Gen.Short[-4, 3].Array[70])
            .Sample((a, w) =>
            {
                long slow = 0;
                int product = 0,
                    sum = 0;
                for (var r = 0; r < a.Length; r++)
                {
                    var (p, s) = (a[r] * w[r], (r % 32 == 0 ? 0 : sum) + (a[r] * w[r]));
                    for (var bit = 0; bit < 15; bit++)
                        slow += (bit < 10 && (p >> bit & 1) != (product >> bit & 1) ? 1 : 0) + ((s >> bit & 1) != (sum >> bit & 1) ? 1 : 0);
                    (product, sum) = (p, s);
                }

                return ToggleCounter.Column(a, w.AsSpan(0, a.Length), Widths) == slow;
            });
}
