using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Advice;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Tests.Traces;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Tests.Advice;

/// <summary>Advice is sized by traces, ranked as asked, and says of everything that is left out why.</summary>
[TestFixture]
[Category("Physics")]
public sealed class BuildAdviceTests
{
    private static AdviceReport Ask(
        string model,
        double rate,
        AdviceLimits? limits = null,
        string[]? gpus = null,
        AdviceRank rank = AdviceRank.Dollars,
        int threads = 1,
        string fabric = "hc1"
    ) =>
        BuildAdvice.Of(
            Served.Library,
            Served.Library.Shape(model),
            new AdviceQuestion
            {
                Traffic = new TrafficSpec
                {
                    RequestsPerSecond = rate,
                    Requests = 300,
                    MeanPrompt = 300,
                    MeanAnswer = 100,
                },
                Limits = limits ?? new AdviceLimits(),
                Gpus = gpus ?? ["h200", "l40s", "apple-m4-max"],
                Fabric = fabric,
                Rank = rank,
                Threads = threads,
            },
            PriceTerms.Of(Served.Library),
            null,
            CancellationToken.None
        );

    // The price list's own numbers: 2.628e6 seconds a month, 0.05 and 0.08 USD per million tokens.
    [Test]
    public void An_API_costs_its_dated_price_and_nothing_else_is_said_of_it()
    {
        var row = Ask("llama-3.1-8b", 2, gpus: []).Rows.Single(r => r.System == "Groq API");
        Assert.Multiple(() =>
        {
            Assert.That(row.UsdPerMonth!.Value.Value, Is.EqualTo(2 * 2.628 * ((300 * 0.05) + (100 * 0.08))).Within(1e-6).Percent);
            Assert.That(row.Figures, Is.Null);
            Assert.That(row.Quality, Is.EqualTo("not known"));
        });
    }

    [Test]
    public void A_price_of_another_model_is_not_taken()
    {
        var rows = Ask("llama-3.2-1b", 2, gpus: []).Rows.Where(r => r.System.Contains("API")).ToList();
        Assert.That(rows.Select(r => r.Unavailable), Is.All.Contains("its price of Llama 3.2 1B is not known"));
        Assert.That(rows, Has.Count.EqualTo(2));
    }

    // One system fewer does not serve the traffic, or breaks the limit.
    [TestCase(double.PositiveInfinity)]
    [TestCase(400)]
    public void As_few_systems_as_hold_the_limits(double firstTokenMs)
    {
        var limits = new AdviceLimits { FirstTokenMs = firstTokenMs };
        var row = Ask("llama-3.1-8b", 200, limits, ["l40s"]).Rows.Single(r => r.System == "L40S");
        Assert.That(row.Replicas, Is.GreaterThan(1));
        Assert.That(row.Broken, Is.Empty);
        var trace = GenerateTrace.Of(
            new TrafficSpec
            {
                RequestsPerSecond = 200,
                Requests = 300,
                MeanPrompt = 300,
                MeanAnswer = 100,
            }
        );
        var plan = DesignLibrary.Plan(Served.Library.Shape("llama-3.1-8b"), Served.Library.Fabric("hc1"), "rom3");
        var (fewer, same) = (At(row.Replicas - 1), At(row.Replicas));
        Assert.Multiple(() =>
        {
            Assert.That(fewer.Overloaded || fewer.TimeToFirstTokenSeconds.P99.Value * 1e3 > firstTokenMs, Is.True);
            Assert.That(same.LatencySeconds.P99, Is.EqualTo(row.Figures!.LatencySeconds.P99));
        });

        TraceFigures At(int replicas) => Served.On(plan, trace, ["l40s"], replicas: replicas)[1].Figures!;
    }

    [TestCase(AdviceRank.Dollars)]
    [TestCase(AdviceRank.Ttft)]
    [TestCase(AdviceRank.Tpot)]
    [TestCase(AdviceRank.Watts)]
    public void Rows_are_ranked_as_asked_and_those_that_break_limits_follow(AdviceRank rank)
    {
        var report = Ask("llama-3.1-8b", 5, new AdviceLimits { Watts = 300 }, rank: rank);
        var holding = report.Rows.Where(r => r.Unavailable.Length == 0 && r.Broken.Count == 0 && r.Figures is not null).ToList();
        var keys = holding.Select(r =>
            rank switch
            {
                AdviceRank.Ttft => r.Figures!.TimeToFirstTokenSeconds.P99.Value,
                AdviceRank.Tpot => r.Figures!.TimePerOutputTokenSeconds.P99.Value,
                AdviceRank.Watts => r.Figures!.Watts.Value,
                _ => r.UsdPerMonth!.Value.Value,
            }
        );
        Assert.Multiple(() =>
        {
            Assert.That(keys, Is.Ordered);
            Assert.That(holding, Has.Count.GreaterThan(1));
            var broken = report.Rows.ToList().FindIndex(r => r.Broken.Count > 0);
            Assert.That(report.Rows.Skip(broken).Select(r => r.Broken.Count + r.Unavailable.Length), Is.All.GreaterThan(0));
            Assert.That(report.Rows[broken].Broken[0], Does.Match("^power [0-9,]+ W, above 300$"));
            Assert.That(report.Verdict[0], Does.EndWith($"{report.Rows[0].System}."));
        });
    }

    [Test]
    public void A_limit_that_no_number_of_systems_mends_is_told_with_its_figure()
    {
        var report = Ask("llama-3.1-8b", 1, new AdviceLimits { PerTokenMs = 1 }, ["h200"]);
        var row = report.Rows.Single(r => r.System == "H200 SXM");
        Assert.That(row.Broken, Has.Count.EqualTo(1));
        Assert.That(row.Broken[0], Does.Match(@"^TPOT p99 [0-9.]+ ms, above 1\.00$"));
        Assert.That(row.Replicas, Is.EqualTo(1));
    }

    [Test]
    public void A_large_model_takes_more_dies_and_more_cards()
    {
        var report = Ask("qwen3-32b", 1, gpus: ["rtx5090", "rtx4090:tensorrt-llm:bf16:1"]);
        Assert.Multiple(() =>
        {
            Assert.That(report.Rows.Single(r => r.System == "hc1 chip").Detail, Does.Match("^rom3, [2-9] dies on "));
            Assert.That(report.Rows.Single(r => r.System == "RTX 5090").Detail, Does.Contain("2 cards"));
            Assert.That(report.Rows.Single(r => r.System == "RTX 5090").Unavailable, Is.Empty, "what one card says is not told");
            Assert.That(report.Rows.Single(r => r.System == "RTX 4090").Unavailable, Does.Contain("needs more memory than 1 card"));
        });
    }

    [Test]
    public void Canvas_models_and_wrong_names_are_refused()
    {
        Assert.That(Ask("dream-7b", 1, gpus: ["h200"]).Rows.Select(r => r.Unavailable), Is.All.Not.Empty);
        Assert.That(
            () => Ask("llama-3.1-8b", 1, gpus: ["h300"]),
            Throws.TypeOf<InputException>().With.Message.Contains("'h300' is unknown")
        );
        Assert.That(() => Ask("llama-3.1-8b", 1, fabric: "hc9"), Throws.TypeOf<InputException>().With.Message.Contains("hc9"));
    }

    [Test]
    public void The_answer_does_not_depend_on_threads() =>
        Assert.That(
            Ask("llama-3.2-1b", 20, threads: 4).Rows.Select(r => (r.System, r.Replicas, r.UsdPerMonth)),
            Is.EqualTo(Ask("llama-3.2-1b", 20).Rows.Select(r => (r.System, r.Replicas, r.UsdPerMonth)))
        );
}
