using System.Globalization;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Traces;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Traces;

/// <summary>Generated traces have the rate, lengths and burstiness that were asked for; files are read in any order and refused by
/// line.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class TraceSourceTests
{
    private const int Many = 100_000;

    // Squared coefficient of variation of the gaps: 1 for Poisson, 0 for regular. A gap is 0 with probability 1 − 1/b, else b times an
    // exponential one, so E[g²] = 2 b of the squared mean.
    [TestCase(ArrivalKind.Poisson, 1)]
    [TestCase(ArrivalKind.Regular, 0)]
    [TestCase(ArrivalKind.Bursts, 15)]
    public void Arrivals_have_their_rate_and_burstiness(ArrivalKind kind, double squaredVariation)
    {
        var requests = Served.Traffic(40, Many, 10, 10, kind).Requests;
        var gaps = requests.Zip(requests.Skip(1), (a, b) => b.ArrivalSeconds - a.ArrivalSeconds).ToArray();
        var mean = gaps.Average();
        Assert.Multiple(() =>
        {
            Assert.That(gaps, Is.All.GreaterThanOrEqualTo(0));
            Assert.That(mean, Is.EqualTo(1 / 40.0).Within(3).Percent);
            Assert.That((gaps.Average(g => g * g) / mean / mean) - 1, Is.EqualTo(squaredVariation).Within(0.06 * squaredVariation + 1e-9));
        });
    }

    // Coefficients of variation 0, 1, 1 and (2·299/√12)/300 = 0.575.
    [TestCase(LengthKind.Fixed, 0)]
    [TestCase(LengthKind.Exponential, 1)]
    [TestCase(LengthKind.LogNormal, 1)]
    [TestCase(LengthKind.Uniform, 0.575)]
    public void Lengths_have_their_mean_and_spread(LengthKind kind, double variation)
    {
        var requests = GenerateTrace
            .Of(
                new TrafficSpec
                {
                    RequestsPerSecond = 1,
                    Requests = Many,
                    MeanPrompt = 300,
                    MeanAnswer = 300,
                    Lengths = kind,
                }
            )
            .Requests;
        foreach (var lengths in new[] { requests.Select(r => (double)r.PromptTokens), requests.Select(r => (double)r.AnswerTokens) })
        {
            var mean = lengths.Average();
            var deviation = Math.Sqrt(lengths.Average(l => (l - mean) * (l - mean)));
            Assert.That(mean, Is.EqualTo(300).Within(2).Percent);
            Assert.That(deviation / mean, Is.EqualTo(variation).Within(0.03));
        }

        var shared = requests.Average(r => (r.PromptTokens - 300.0) * (r.AnswerTokens - 300.0)) / 90_000;
        Assert.That(shared, Is.EqualTo(0).Within(0.03), "prompts and answers are independent");
    }

    [Test]
    public void A_faster_trace_is_the_same_trace_sooner()
    {
        var (slow, fast) = (Served.Traffic(1, 500, 90, 90), Served.Traffic(4, 500, 90, 90));
        Assert.That(
            fast.Requests.Select(r => r.ArrivalSeconds * 4),
            Is.EqualTo(slow.Requests.Select(r => r.ArrivalSeconds)).AsCollection.Within(1e-9)
        );
        Assert.That(Served.Traffic(1, 500, 90, 90, seed: 2).Requests, Is.Not.EqualTo(slow.Requests));
    }

    [Test]
    public void No_request_is_longer_than_the_context() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 1000], Gen.Enum<LengthKind>(), Gen.ULong)
            .Sample(
                (prompt, answer, kind, seed) =>
                    Served
                        .Traffic(1, 100, prompt, answer, ArrivalKind.Poisson, kind, seed)
                        .Requests.All(r => r.PromptTokens >= 1 && r.AnswerTokens >= 1 && r.PromptTokens + r.AnswerTokens <= 4000),
                iter: 200
            );

    [Test]
    public void A_file_is_read_in_the_order_of_arrival_with_columns_in_any_order()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("trace.csv");
        File.WriteAllText(path, "user,answer_tokens,arrival_seconds,prompt_tokens\r\na,3,2.5e1,7\r\n\r\nb,4,0,8\r\n");
        var trace = ReadTrace.From(path, 100);
        Assert.That(trace.Requests, Is.EqualTo(new[] { new TraceRequest(0, 8, 4), new TraceRequest(25, 7, 3) }));
    }

    [TestCase("", ":1: no column arrival_seconds, prompt_tokens, answer_tokens")]
    [TestCase("arrival_seconds,prompt_tokens\n1,2\n", ":1: no column answer_tokens")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n", ": has no request")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1,2\n", ":2: 2 cells where the first line has 3")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1,2,3\n-1,2,3\n", ":3: arrival_seconds '-1'")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\nNaN,2,3\n", ":2: arrival_seconds 'NaN'")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1e99,2,3\n", ":2: arrival_seconds '1e99'")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1,0,3\n", ":2: prompt_tokens '0'")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1,2,3.5\n", ":2: answer_tokens '3.5'")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1,2,\u001b[31m\n", ":2: answer_tokens '\\u001b[31m'")]
    [TestCase("arrival_seconds,prompt_tokens,answer_tokens\n1,90,11\n", ":2: 90 + 11 tokens exceed the model's context of 100")]
    public void A_malformed_file_is_refused_by_its_line(string text, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("trace.csv");
        File.WriteAllText(path, text);
        Assert.That(() => ReadTrace.From(path, 100), Throws.TypeOf<InputException>().With.Message.StartsWith(path + message));
    }

    [TestCase(0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_rate_that_is_none_is_refused(double rate) => Assert.Throws<InputException>(() => Served.Traffic(rate, 10, 10, 10));

    [Test]
    public void Percentiles_are_by_nearest_rank()
    {
        // Ten requests alone on the chip, with answers of 10, 20 … 100 tokens: p50 is the fifth, p95 and p99 the tenth.
        var requests = Enumerable.Range(1, 10).Select(i => new TraceRequest(i, 5, 10 * i)).ToArray();
        var figures = Served.OnChip(Served.Chip(), Served.Requests(requests));
        var alone = new[] { 5, 10 }
            .Select(i => Served.OnChip(Served.Chip(), Served.Requests(new TraceRequest(0, 5, 10 * i))).LatencySeconds.P50.Value)
            .ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(figures.LatencySeconds.P50.Value, Is.EqualTo(alone[0]).Within(0.5).Percent);
            Assert.That(figures.LatencySeconds.P95.Value, Is.EqualTo(alone[1]).Within(0.5).Percent);
            Assert.That(figures.LatencySeconds.P99.Value, Is.EqualTo(alone[1]).Within(0.5).Percent);
        });
    }

    [Test]
    public void The_table_has_a_row_for_each_configuration()
    {
        var report = ReplayTraces.Of(
            Served.Library,
            Served.Chip(),
            [Served.Traffic(1, 20, 10, 10), Served.Traffic(2, 20, 10, 10)],
            new TraceSystems(["h200"], true, [1, 2]),
            Reports.Compare.PriceTerms.Of(Served.Library),
            2,
            null,
            CancellationToken.None
        );
        var lines = TraceTable.Csv(report).TrimEnd().Split('\n');
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(1 + (2 * 2 * 3)));
            Assert.That(lines.Select(l => l.Split(',').Length).Distinct().Count(), Is.EqualTo(1));
            var first = lines[0].Split(',').Zip(lines[1].Split(',')).ToDictionary(c => c.First, c => c.Second);
            Assert.That(
                double.Parse(first["latency_p99_seconds"], CultureInfo.InvariantCulture),
                Is.EqualTo(report.Rows[0].Figures!.LatencySeconds.P99.Value)
            );
        });
    }
}
