using NUnit.Framework;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Tests.Decode;

/// <summary>Each sampler of the chain against its formula.</summary>
[Category("Kernels")]
public class SamplerChainTests
{
    private static readonly float[] Logits = [1.0f, 3.0f, 2.0f, 0.5f, -1.0f, 2.5f, 0.0f, 3.0f];

    private static readonly SamplerChainSettings Open = new()
    {
        Seed = 1,
        Temperature = 1,
        TopK = 0,
        TopP = 1,
        MinP = 0,
    };

    // Ids that may be drawn, with their probabilities.
    private static Dictionary<int, float> Candidates(
        SamplerChainSettings settings,
        float[]? logits = null,
        int[]? before = null,
        ITokenFilter? filter = null
    )
    {
        var chain = new SamplerChain(settings, Logits.Length, null, filter);
        foreach (var token in before ?? [])
            chain.Observe(token);
        chain.Sample(logits ?? Logits);
        return chain.Candidates.ToArray().Where(c => c.P > 0).ToDictionary(c => c.Id, c => c.P);
    }

    [Test]
    public void Without_truncation_probabilities_are_the_softmax()
    {
        var sum = Logits.Sum(l => Math.Exp(l));
        var found = Candidates(Open);
        for (var i = 0; i < Logits.Length; i++)
            Assert.That(found[i], Is.EqualTo(Math.Exp(Logits[i]) / sum).Within(1e-6));
    }

    [Test]
    public void Temperature_divides_and_zero_takes_the_first_of_the_largest()
    {
        var sum = Logits.Sum(l => Math.Exp(l / 0.5));
        Assert.That(Candidates(Open with { Temperature = 0.5f })[2], Is.EqualTo(Math.Exp(2 / 0.5) / sum).Within(1e-6));
        Assert.That(Candidates(Open with { Temperature = 0 }).Keys, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Top_k_keeps_the_largest() => Assert.That(Candidates(Open with { TopK = 3 }).Keys, Is.EquivalentTo(new[] { 1, 7, 5 }));

    [Test]
    public void Top_p_keeps_the_smallest_set_that_reaches_p()
    {
        var sum = Logits.Sum(l => Math.Exp(l));
        var p = (float)(2 * Math.Exp(3) / sum);
        Assert.That(Candidates(Open with { TopP = p - 0.01f }).Keys, Is.EquivalentTo(new[] { 1, 7 }));
        Assert.That(Candidates(Open with { TopP = p + 0.01f }).Keys, Is.EquivalentTo(new[] { 1, 7, 5 }));
    }

    [Test]
    public void Min_p_keeps_a_share_of_the_largest()
    {
        // exp(2 − 3) = 0.37, exp(1 − 3) = 0.14.
        Assert.That(Candidates(Open with { MinP = 0.3f }).Keys, Is.EquivalentTo(new[] { 1, 7, 5, 2 }));
        Assert.That(Candidates(Open with { MinP = 0.99f, MinKeep = 4 }).Keys, Is.EquivalentTo(new[] { 1, 7, 5, 2 }));
    }

    [Test]
    public void Top_n_sigma_keeps_logits_near_the_largest()
    {
        var mean = Logits.Average();
        var sigma = Math.Sqrt(Logits.Average(l => (l - mean) * (l - mean)));
        var expected = Enumerable.Range(0, Logits.Length).Where(i => Logits[i] >= 3 - sigma);
        Assert.That(Candidates(Open with { TopNSigma = 1 }).Keys, Is.EquivalentTo(expected));
    }

    [Test]
    public void Typical_keeps_tokens_of_the_expected_surprise()
    {
        var sum = Logits.Sum(l => Math.Exp(l));
        var p = Logits.Select(l => Math.Exp(l) / sum).ToArray();
        var entropy = -p.Sum(x => x * Math.Log(x));
        var expected = new List<int>();
        var running = 0.0;
        foreach (var i in Enumerable.Range(0, p.Length).OrderBy(i => Math.Abs(-Math.Log(p[i]) - entropy)))
        {
            expected.Add(i);
            running += p[i];
            if (running > 0.5)
                break;
        }
        Assert.That(Candidates(Open with { TypicalP = 0.5f }).Keys, Is.EquivalentTo(expected));
    }

    [Test]
    public void Xtc_leaves_the_least_likely_of_the_top_choices()
    {
        // Shares of 1, 7 and 5 are above 0.15; of these the last stays.
        Assert.That(Candidates(Open with { XtcProbability = 1, XtcThreshold = 0.15f }).Keys, Is.EquivalentTo(new[] { 5, 2, 0, 3, 6, 4 }));
        Assert.That(Candidates(Open with { XtcProbability = 1, XtcThreshold = 0.51f }), Has.Count.EqualTo(8));
    }

    [Test]
    public void Penalties_lower_recent_tokens()
    {
        var settings = Open with { RepeatPenalty = 2, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f, LastN = 3 };
        var found = Candidates(settings, before: [4, 1, 1, 6]);
        // Token 4 lies outside the window; 1 occurs twice, 6 once.
        double[] logits = [1, (3 / 2.0) - 1 - 0.25, 2, 0.5, -1, 2.5, 0 - 0.5 - 0.25, 3];
        var sum = logits.Sum(Math.Exp);
        foreach (var id in new[] { 1, 4, 6, 7 })
            Assert.That(
                found[id],
                Is.EqualTo(Math.Exp(logits[id]) / sum).Within(1e-6),
                id.ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
    }

    [Test]
    public void Bias_moves_and_bans()
    {
        var found = Candidates(Open with { LogitBias = [(1, float.NegativeInfinity), (4, 10)], TopK = 1 });
        Assert.That(found.Keys, Is.EqualTo(new[] { 4 }));
        Assert.That(Candidates(Open with { LogitBias = [(1, float.NegativeInfinity)] }).Keys, Does.Not.Contain(1));
    }

    [Test]
    public void Dynamic_temperature_follows_the_entropy()
    {
        var sum = Logits.Sum(l => Math.Exp(l));
        var entropy = -Logits.Sum(l => Math.Exp(l) / sum * Math.Log(Math.Exp(l) / sum));
        var t = 0.5 + (1.0 * Math.Pow(entropy / Math.Log(8), 2));
        var scaled = Logits.Sum(l => Math.Exp(l / t));
        var found = Candidates(Open with { DynamicTemperatureRange = 0.5f, DynamicTemperatureExponent = 2 });
        Assert.That(found[2], Is.EqualTo(Math.Exp(2 / t) / scaled).Within(1e-5));
    }

    [Test]
    public void A_filter_is_asked_first_and_then_applied_to_all()
    {
        var filter = new Only([0, 3]);
        Assert.That(Candidates(Open, filter: filter).Keys, Is.SubsetOf(new[] { 0, 3 }));
        Assert.That(filter.Accepted, Has.Count.EqualTo(1));
        Assert.That(filter.Accepted, Is.SubsetOf(new[] { 0, 3 }));
    }

    [Test]
    public void Draws_follow_the_probabilities()
    {
        var chain = new SamplerChain(Open with { Seed = 42 }, Logits.Length);
        var counts = new int[Logits.Length];
        const int draws = 20_000;
        for (var i = 0; i < draws; i++)
            counts[chain.Sample(Logits)]++;
        var sum = Logits.Sum(l => Math.Exp(l));
        for (var i = 0; i < counts.Length; i++)
        {
            var p = Math.Exp(Logits[i]) / sum;
            // Five standard deviations of a binomial.
            Assert.That(counts[i], Is.EqualTo(p * draws).Within(5 * Math.Sqrt(p * (1 - p) * draws)));
        }
    }

    [Test]
    public void A_NaN_is_no_token() => Assert.That(new SamplerChain(Open, 2).Sample([1f, float.NaN]), Is.EqualTo(TokenSampler.NotANumber));

    [Test]
    public void The_card_chooses_like_the_chain_wherever_it_can()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var logits = Enumerable.Range(0, 64).Select(_ => (float)((random.NextDouble() * 12) - 6)).ToArray();
            var settings = new SamplerChainSettings
            {
                Seed = (uint)round,
                Temperature = round % 4 * 0.5f,
                TopK = 1 + (round % 17),
                TopP = 0.5f + (round % 5 * 0.1f),
                MinP = round % 3 * 0.1f,
                RepeatPenalty = 1 + (round % 2),
            };
            var history = Enumerable.Range(0, 20).Select(_ => random.Next(64)).ToList();
            var chain = new SamplerChain(settings, 64);
            foreach (var token in history)
                chain.Observe(token);
            var card = new TokenSampler((uint)round);
            for (var i = 0; i < 5; i++)
            {
                var chosen = card.Sample(logits, settings.ForCard((uint)round)!.Value, history.ToArray());
                Assert.That(chosen, Is.EqualTo(chain.Sample(logits)), $"round {round}, draw {i}");
                history.Add(chosen);
            }
        }
    }

    private sealed class Only(int[] allowed) : ITokenFilter
    {
        public List<int> Accepted { get; } = [];

        public bool Allows(int token) => allowed.Contains(token);

        public void Accept(int token) => Accepted.Add(token);
    }
}
