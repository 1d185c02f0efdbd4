using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Tests.Traces;

/// <summary>Replayed traces obey the laws of queues: Pollaczek and Khinchine with one slot, Erlang with several, Little, and that more
/// load never serves anybody sooner.</summary>
[TestFixture]
[Category("Physics")]
public sealed class QueueingLawTests
{
    private const int Prompt = 40,
        Answer = 60;

    // A request that is alone: with one slot nobody ever shares the chip, so this is the service time of all.
    private static double ServiceSeconds(int slots = 1) =>
        Served.OnChip(Served.Chip(slots), Served.Traffic(1, 3, Prompt, Answer, ArrivalKind.Regular)).LatencySeconds.P99.Value;

    // M/D/1: mean wait ρ S / (2 (1 − ρ)). The mean of 40,000 waits is known to a few per cent (correlated over 1 / (1 − ρ)² services).
    [TestCase(0.3)]
    [TestCase(0.6)]
    [TestCase(0.8)]
    public void One_slot_and_equal_requests_wait_as_in_M_D_1(double load)
    {
        var service = ServiceSeconds();
        var rate = load / service;
        var figures = Served.OnChip(Served.Chip(1), Served.Traffic(rate, 20_000, Prompt, Answer));
        var wait = figures.MeanWaiting / rate;
        Assert.Multiple(() =>
        {
            Assert.That(wait, Is.EqualTo(load * service / (2 * (1 - load))).Within(6).Percent);
            Assert.That(figures.Parts[0].Utilisation, Is.EqualTo(load).Within(2).Percent);
            Assert.That(figures.MeanUsers, Is.EqualTo(load).Within(2).Percent);
        });
    }

    // M/G/1: λ E[S²] / (2 (1 − ρ)), with the services of the same requests when each is alone.
    [TestCase(LengthKind.Exponential)]
    [TestCase(LengthKind.Uniform)]
    public void One_slot_and_unequal_requests_wait_as_in_M_G_1(LengthKind lengths)
    {
        const int Many = 20_000;
        var chip = Served.Chip(1);
        var probe = Served.Traffic(1, Many, 1, Answer, ArrivalKind.Regular, lengths);
        // One prompt token, so that the service follows the answer alone; between these answers it is linear.
        int[] answers = [1, 60, 200, 500, 1000];
        var times = answers.Select(n => Served.OnChip(chip, Served.Requests(new TraceRequest(0, 1, n))).LatencySeconds.P50.Value).ToArray();
        var services = probe.Requests.Select(r => Alone(r.AnswerTokens)).ToArray();
        var rate = 0.5 / services.Average();
        var figures = Served.OnChip(chip, Served.Traffic(rate, Many, 1, Answer, ArrivalKind.Poisson, lengths));
        var expected = rate * services.Average(s => s * s) / (2 * (1 - 0.5));
        Assert.That(figures.MeanWaiting / rate, Is.EqualTo(expected).Within(6).Percent);

        double Alone(int answer)
        {
            var to = Array.FindIndex(answers, 1, n => n >= answer);
            var share = (double)(answer - answers[to - 1]) / (answers[to] - answers[to - 1]);
            return times[to - 1] + (share * (times[to] - times[to - 1]));
        }
    }

    // M/M/c: few users of many slots do not meet on the chip, so slots are servers; Erlang's formula C of the probability to wait.
    [Test]
    public void A_few_slots_wait_as_in_M_M_c()
    {
        const int Slots = 3;
        var chip = Served.Chip(Slots);
        const int Many = 10_000;
        var probe = Served.Traffic(1, Many, 1, 200, ArrivalKind.Regular, LengthKind.Exponential);
        // Over the time from the first arrival to the last.
        var service = Served.OnChip(chip, probe).MeanUsers * (Many - 1) / Many;
        var offered = 0.7 * Slots;
        var rate = offered / service;
        var figures = Served.OnChip(chip, Served.Traffic(rate, Many, 1, 200, ArrivalKind.Poisson, LengthKind.Exponential));
        double term = 1,
            sum = 1;
        for (var k = 1; k < Slots; k++)
            sum += term *= offered / k;
        var full = term * offered / Slots / (1 - (offered / Slots));
        var waits = full / (sum + full);
        // Three of sixty users slow one another a little (the modulo schedule), so the wait is a little longer.
        Assert.That(figures.MeanWaiting / rate, Is.EqualTo(waits * service / (Slots - offered)).Within(12).Percent);
    }

    [Test]
    public void Users_of_many_slots_follow_Little()
    {
        var chip = Served.Chip(64);
        var service = ServiceSeconds(64);
        var figures = Served.OnChip(chip, Served.Traffic(0.5 / service, 20_000, Prompt, Answer));
        Assert.Multiple(() =>
        {
            Assert.That(figures.MeanWaiting, Is.Zero);
            // Poisson: nobody is there for exp(−0.5) of the time. Requests that meet take slightly longer.
            Assert.That(figures.MeanUsers, Is.EqualTo(0.5).Within(5).Percent.And.GreaterThanOrEqualTo(0.5 * 0.98));
            Assert.That(figures.Parts[0].Utilisation, Is.EqualTo(1 - Math.Exp(-0.5)).Within(5).Percent);
        });
    }

    [TestCase("")]
    [TestCase("h100-sxm")]
    public void More_load_never_serves_sooner(string gpu)
    {
        var chip = Served.Chip(8);
        Gen.Select(Gen.Double[1, 2000], Gen.Double[1.05, 8], Gen.Int[1, 300], Gen.Int[1, 60], Gen.ULong, Gen.Enum<LengthKind>())
            .Sample(
                (rate, factor, prompt, answer, seed, lengths) =>
                {
                    rate *= gpu.Length > 0 ? 0.01 : 1;
                    var (slow, fast) = (Row(rate), Row(rate * factor));
                    Assert.Multiple(() =>
                    {
                        Assert.That(fast.LatencySeconds.P99.Value, Is.GreaterThanOrEqualTo(slow.LatencySeconds.P50.Value * (1 - 1e-9)));
                        Assert.That(fast.MeanWaiting + 1e-9, Is.GreaterThanOrEqualTo(0));
                        Assert.That(
                            slow.TimeToFirstTokenSeconds.P50.Value,
                            Is.LessThanOrEqualTo(slow.LatencySeconds.P50.Value * (1 + 1e-9))
                        );
                        Assert.That(fast.DurationSeconds.Value, Is.LessThanOrEqualTo(slow.DurationSeconds.Value * (1 + 1e-9)));
                    });

                    TraceFigures Row(double r)
                    {
                        var trace = Served.Traffic(r, 200, prompt, answer, ArrivalKind.Poisson, lengths, seed);
                        return Served.On(chip, trace, gpu.Length > 0 ? [gpu] : [])[^1].Figures!;
                    }
                },
                iter: 3
            );
    }

    // Energy is idle power all along and a fixed amount for every token, whatever the order in which they come: the same requests in a
    // longer time take the idle power of the difference.
    [Test]
    public void Energy_and_tokens_are_conserved()
    {
        var chip = Served.Chip(8);
        var idle = ChipEvaluation
            .Evaluate(EvaluationInput.Of(chip), Served.Library.Technology("n6"), Served.Library.Prices(), new ServiceShape(Prompt, Answer))
            .IdleWatts.Value;
        Gen.Select(Gen.Double[1, 50], Gen.Double[1.1, 10], Gen.ULong[0, 1000])
            .Sample(
                (rate, factor, seed) =>
                {
                    var (slow, fast) = (Row(rate), Row(rate * factor));
                    Assert.Multiple(() =>
                    {
                        Assert.That(slow.TokensPerSecond.Value * slow.DurationSeconds.Value, Is.EqualTo(slow.Tokens).Within(1e-6));
                        Assert.That(
                            slow.Joules - fast.Joules,
                            Is.EqualTo(idle * (slow.DurationSeconds.Value - fast.DurationSeconds.Value)).Within(1e-6).Percent
                        );
                    });

                    (double Joules, double Tokens, UncertaintyRange DurationSeconds, UncertaintyRange TokensPerSecond) Row(double r)
                    {
                        var trace = Served.Traffic(r, 100, Prompt, Answer, ArrivalKind.Bursts, LengthKind.Exponential, seed);
                        var figures = Served.OnChip(chip, trace);
                        var joules = figures.JoulesPerToken.Value * trace.AnswerTokens;
                        return (joules, trace.AnswerTokens, figures.DurationSeconds, figures.TokensPerSecond);
                    }
                },
                iter: 3
            );
    }
}
