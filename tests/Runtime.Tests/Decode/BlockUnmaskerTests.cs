using NUnit.Framework;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Tests.Decode;

/// <summary>Which masked positions get their token in a step.</summary>
[Category("Smoke")]
public class BlockUnmaskerTests
{
    private const int Mask = 0;

    // Softmax of ln a, ln b, ... is a : b : ...; the mask token has the weight 0.1.
    private static readonly float[] Rows =
    [
        .. Row(0.1, 0.5, 0.2, 0.2),
        .. Row(0.1, 0.1, 0.7, 0.1),
        .. Row(0.6, 0.1, 0.1, 0.2),
        .. Row(0.1, 0.7, 0.1, 0.1),
    ];

    [TestCase(2f, new[] { Mask, 2, Mask, Mask }, TestName = "Above 1 the most confident position, the first of equal ones")]
    [TestCase(0.7f, new[] { Mask, 2, Mask, 1 }, TestName = "The threshold itself is enough")]
    [TestCase(0.4f, new[] { 1, 2, Mask, 1 }, TestName = "A lower threshold reveals more")]
    [TestCase(0f, new[] { 1, 2, 3, 1 }, TestName = "At 0 everything, and never the mask token")]
    public void A_step_reveals(float threshold, int[] expected)
    {
        int[] block = [Mask, Mask, Mask, Mask];
        new BlockUnmasker(Mask, 1).Step(block, Rows, new BlockSettings { Threshold = threshold - 1e-6f });
        Assert.That(block, Is.EqualTo(expected));
    }

    [Test]
    public void Confidence_is_the_probability_among_all_tokens_the_mask_included()
    {
        int[] block = [3, Mask, Mask, 2];
        var revealed = new BlockUnmasker(Mask, 1).Step(block, Rows, new BlockSettings { Threshold = 0 });
        Assert.Multiple(() =>
        {
            Assert.That(revealed!.Select(r => (r.Position, r.Id)), Is.EqualTo(new[] { (1, 2), (2, 3) }));
            Assert.That(revealed!.Select(r => (double)r.Confidence), Is.EqualTo(new[] { 0.7, 0.2 }).Within(1e-6));
            Assert.That(block, Is.EqualTo(new[] { 3, 2, 3, 2 }), "revealed tokens stay");
        });
    }

    [Test]
    public void A_temperature_draws_each_token_as_often_as_it_is_likely()
    {
        // At temperature 2 the weights are the square roots; the mask token is never drawn.
        var unmasker = new BlockUnmasker(Mask, 7);
        var counts = new int[4];
        for (var i = 0; i < 4000; i++)
        {
            int[] block = [Mask];
            unmasker.Step(block, Rows.AsSpan(0, 4), new BlockSettings { Threshold = 0, Temperature = 2 });
            counts[block[0]]++;
        }

        var sum = Math.Sqrt(0.5) + (2 * Math.Sqrt(0.2));
        Assert.Multiple(() =>
        {
            Assert.That(counts[Mask], Is.Zero);
            Assert.That(counts[1] / 4000.0, Is.EqualTo(Math.Sqrt(0.5) / sum).Within(0.03));
            Assert.That(counts[2] / 4000.0, Is.EqualTo(Math.Sqrt(0.2) / sum).Within(0.03));
        });
    }

    [Test]
    public void A_logit_that_is_no_number_reveals_nothing()
    {
        int[] block = [Mask];
        Assert.That(new BlockUnmasker(Mask, 1).Step(block, [0, float.NaN, 0, 0], new BlockSettings { Threshold = 0 }), Is.Null);
    }

    private static IEnumerable<float> Row(params double[] shares) => shares.Select(share => (float)Math.Log(share));
}
