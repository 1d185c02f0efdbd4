using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Traces;
using TaalasSim.Runtime.Engine;

namespace TaalasSim.Reports.Tests.Traces;

/// <summary>A trace says what <c>compare</c> says where both speak of the same: one request, or as many as fit; and what the event engine
/// says between them.</summary>
[TestFixture]
[Category("Timing")]
public sealed class ReplayTracesTests
{
    [TestCase(100, 50)]
    [TestCase(1000, 250)]
    [TestCase(1, 1)]
    [TestCase(1, 700)]
    public void A_lone_request_on_the_chip_takes_what_compare_says(int prompt, int answer)
    {
        var plan = Served.Chip();
        var chip = EvaluationInput.Of(plan);
        var speed = ChipEvaluation.Evaluate(
            chip,
            Served.Library.Technology("n6"),
            Served.Library.Prices(),
            new ServiceShape(prompt, answer)
        );
        var figures = Served.OnChip(plan, Served.Requests(new TraceRequest(2, prompt, answer)));
        Assert.Multiple(() =>
        {
            Assert.That(figures.TimeToFirstTokenSeconds.P50.Value, Is.EqualTo(speed.TimeToFirstTokenSeconds.Value).Within(0.2).Percent);
            if (answer > 1)
                Assert.That(figures.TimePerOutputTokenSeconds.P50.Value, Is.EqualTo(1 / speed.TokensPerSecondUser).Within(0.2).Percent);
        });
    }

    // All arrive at once and have no prompt to speak of: every slot decodes to the end.
    [Test]
    public void Full_slots_make_what_compare_says()
    {
        var plan = Served.Chip(32);
        var speed = ChipEvaluation.Evaluate(
            EvaluationInput.Of(plan),
            Served.Library.Technology("n6"),
            Served.Library.Prices(),
            new ServiceShape(1, 400, 32)
        );
        var trace = Served.Requests([.. Enumerable.Repeat(new TraceRequest(0, 1, 400), 320)]);
        Assert.That(Served.OnChip(plan, trace).TokensPerSecond.Value, Is.EqualTo(speed.TokensPerSecondTotal).Within(1).Percent);
    }

    [TestCase("h200", 1000, 250)]
    [TestCase("a100-80:vllm", 300, 100)]
    [TestCase("apple-m4-max:llama.cpp:q4_k_m", 400, 100)]
    public void A_lone_request_on_a_GPU_takes_what_compare_says(string gpu, int prompt, int answer)
    {
        var view = GpuViews.Of(Served.Library.Gpus, Served.Library.Shape("llama-3.2-1b"), gpu, prompt, answer).OneUser!;
        var figures = Served.On(Served.Chip(), Served.Requests(new TraceRequest(0, prompt, answer)), [gpu])[1].Figures!;
        Assert.Multiple(() =>
        {
            Assert.That(figures.TimeToFirstTokenSeconds.P50.Value, Is.EqualTo(view.TimeToFirstTokenSeconds.Value).Within(0.5).Percent);
            Assert.That(figures.TimePerOutputTokenSeconds.P50.Value, Is.EqualTo(1 / view.TokensPerSecondUser.Value).Within(0.5).Percent);
        });
    }

    // More requests than fit, all there at once: the middle of the trace is the saturated service.
    [TestCase("h200", 200, 200, 6000)]
    [TestCase("l40s", 500, 100, 3000)]
    public void A_full_GPU_makes_what_compare_says(string gpu, int prompt, int answer, int requests)
    {
        var view = GpuViews.Of(Served.Library.Gpus, Served.Library.Shape("llama-3.2-1b"), gpu, prompt, answer).FullBatch!;
        var trace = Served.Requests([.. Enumerable.Repeat(new TraceRequest(0, prompt, answer), requests)]);
        var figures = Served.On(Served.Chip(), trace, [gpu])[1].Figures!;
        Assert.Multiple(() =>
        {
            Assert.That(figures.TokensPerSecond.Value, Is.EqualTo(view.TokensPerSecondTotal.Value).Within(12).Percent);
            Assert.That(figures.Overloaded, Is.True);
        });
    }

    // Requests that overlap, against the event engine with the same arrivals.
    [TestCase(0, 100, 60)]
    [TestCase(40, 100, 60)]
    [TestCase(200, 64, 100)]
    [TestCase(5, 1, 80)]
    public void Requests_that_meet_take_what_the_event_engine_says(int gapMicroseconds, int prompt, int answer)
    {
        const int Requests = 6;
        var plan = Served.Chip();
        var schedule = BuildTokenSchedule.From(plan);
        var factor = Served.Library.Technology("n6").Calibration.Latency.Value / plan.Fabric.Clock.Value;
        var arrivals = Enumerable.Range(0, Requests).Select(i => i * gapMicroseconds * 1e-6).ToArray();
        var engine = new EventEngine(
            schedule,
            new Workload { Requests = [.. arrivals.Select(a => new Request((long)(a / factor), prompt, answer))] }
        ).Run();
        var figures = Served.OnChip(plan, Served.Requests([.. arrivals.Select(a => new TraceRequest(a, prompt, answer))]));
        var first = engine.Requests.Select(r => r.TimeToFirstTokenCycles * factor).Order().ToArray();
        var last = engine.Requests.Select(r => (r.LastTokenCycle - r.ArrivalCycle) * factor).Order().ToArray();
        TestContext.Out.WriteLine(
            $"first {figures.TimeToFirstTokenSeconds.P50.Value / first[2]:0.000} "
                + $"{figures.TimeToFirstTokenSeconds.P99.Value / first[5]:0.000} "
                + $"last {figures.LatencySeconds.P50.Value / last[2]:0.000} {figures.LatencySeconds.P99.Value / last[5]:0.000}"
        );
        Assert.Multiple(() =>
        {
            if (prompt > 1)
                Assert.That(figures.TimeToFirstTokenSeconds.P99.Value, Is.EqualTo(first[5]).Within(3).Percent);
            Assert.That(figures.LatencySeconds.P50.Value, Is.EqualTo(last[2]).Within(3).Percent);
            Assert.That(figures.LatencySeconds.P99.Value, Is.EqualTo(last[5]).Within(3).Percent);
        });
    }

    // GPU, link and chip one after another.
    [Test]
    public void A_lone_request_on_a_pair_is_the_sum_of_its_parts()
    {
        const int Prompt = 1000,
            Answer = 101;
        var plan = Served.Chip();
        var one = Served.Requests(new TraceRequest(0, Prompt, Answer));
        var rows = Served.On(plan, one, ["h200"], pairs: true);
        var (chip, gpu, pair) = (rows[0].Figures!, rows[1].Figures!, rows[2].Figures!);
        var chipInput = EvaluationInput.Of(plan);
        // Generation 5 with 16 lanes: 32 GT/s × 16 × 128/130 / 8 × 256/280 and 750 ns.
        var link = (chipInput.KvBytes(Prompt) / (32e9 * 16 * 128 / 130 / 8 * 256 / 280)) + 750e-9;
        Assert.Multiple(() =>
        {
            Assert.That(rows[2].System, Is.EqualTo("H200 SXM + hc1 chip"));
            Assert.That(pair.TimeToFirstTokenSeconds.P50.Value, Is.EqualTo(gpu.TimeToFirstTokenSeconds.P50.Value).Within(1e-9));
            Assert.That(
                pair.LatencySeconds.P50.Value,
                Is.EqualTo(gpu.TimeToFirstTokenSeconds.P50.Value + link + ((Answer - 1) * chip.TimePerOutputTokenSeconds.P50.Value))
                    .Within(0.1)
                    .Percent
            );
        });
    }

    [Test]
    public void Replicas_take_requests_in_turn()
    {
        var plan = Served.Chip(4);
        var one = Served.OnChip(plan, Served.Traffic(100, 200, 50, 50, ArrivalKind.Regular));
        var four = Served.On(plan, Served.Traffic(400, 800, 50, 50, ArrivalKind.Regular), replicas: 4)[0].Figures!;
        Assert.Multiple(() =>
        {
            Assert.That(four.LatencySeconds.P99.Value, Is.EqualTo(one.LatencySeconds.P99.Value).Within(1e-6).Percent);
            Assert.That(four.TokensPerSecond.Value, Is.EqualTo(4 * one.TokensPerSecond.Value).Within(1).Percent);
            Assert.That(four.Watts.Value, Is.EqualTo(4 * one.Watts.Value).Within(1).Percent);
            Assert.That(four.UsdPerMillionTokens.Value, Is.EqualTo(one.UsdPerMillionTokens.Value).Within(1).Percent);
        });
    }

    // At full load for long, power and money are those of compare at the same use.
    [Test]
    public void A_GPU_that_is_always_full_costs_its_rent()
    {
        var trace = Served.Requests([.. Enumerable.Repeat(new TraceRequest(0, 200, 200), 2000)]);
        var figures = Served.On(Served.Chip(), trace, ["h200"])[1].Figures!;
        var hours = figures.DurationSeconds.Value / 3600;
        var rent = Served.Library.Gpus.Card("h200").RentUsdPerHour;
        Assert.Multiple(() =>
        {
            Assert.That(figures.UsdPerMillionTokens.Value, Is.EqualTo(rent.Value * hours / 0.4).Within(1e-6).Percent);
            Assert.That(figures.UsdPerMillionTokens.High, Is.EqualTo(rent.High * hours / 0.4).Within(1e-6).Percent);
            Assert.That(figures.Parts[0].Utilisation, Is.EqualTo(1).Within(0.1).Percent);
        });
    }

    [Test]
    public void The_report_does_not_depend_on_threads()
    {
        var trace = Served.Traffic(20, 300, 200, 50, ArrivalKind.Bursts, LengthKind.LogNormal);
        var one = Served.On(Served.Chip(4), trace, ["h200", "l40s"], pairs: true, threads: 1);
        var four = Served.On(Served.Chip(4), trace, ["h200", "l40s"], pairs: true, threads: 4);
        Assert.That(Csv(four), Is.EqualTo(Csv(one)));

        static string Csv(IReadOnlyList<TraceRow> rows) =>
            TraceTable.Csv(
                new TraceReport
                {
                    Model = "",
                    Traces = [],
                    Basis = [],
                    Rows = rows,
                }
            );
    }

    [Test]
    public void What_cannot_serve_says_why()
    {
        var trace = Served.Requests(new TraceRequest(0, 10, 10), new TraceRequest(1, 60_000, 10));
        var rows = Served.On(Served.Chip(4), trace, ["h200:pytorch", "h200"], pairs: true);
        // One of many requests that the chip holds on average.
        var longest = Served.On(
            Served.Chip(4),
            Served.Requests([.. Enumerable.Repeat(new TraceRequest(0, 10, 10), 50), new TraceRequest(1, 30_000, 10)])
        )[0];
        Assert.Multiple(() =>
        {
            Assert.That(rows[0].Unavailable, Does.Contain("do not fit the 261 MB of KV memory"));
            Assert.That(rows[1].Unavailable, Does.Contain("serves batches as a whole"));
            Assert.That(rows[3].Figures, Is.Not.Null);
            Assert.That(rows[4].Unavailable, Is.EqualTo(rows[0].Unavailable));
            Assert.That(longest.Unavailable, Does.Contain("a request of 30000 + 10 tokens needs").And.Contain("MB of keys and values"));
        });
    }

    [Test]
    public void Both_ends_of_the_interval_lie_around_the_best_estimate()
    {
        var figures = Served.On(Served.Chip(4), Served.Traffic(20, 200, 200, 50), ["h200"]);
        Assert.Multiple(() =>
        {
            foreach (var f in figures.Select(r => r.Figures!))
            foreach (var range in new[] { f.TimeToFirstTokenSeconds.P99, f.LatencySeconds.P50, f.Watts, f.UsdPerMillionTokens })
            {
                Assert.That(range.Low, Is.LessThanOrEqualTo(range.Value));
                Assert.That(range.High, Is.GreaterThanOrEqualTo(range.Value));
                Assert.That(Served.Width(range), Is.GreaterThan(0.001));
            }
        });
    }

    [Test]
    public void A_stop_is_heeded()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            ReplayTraces.Of(
                Served.Library,
                Served.Chip(),
                [Served.Traffic(1, 10, 10, 10)],
                new TraceSystems([], false, [1]),
                PriceTerms.Of(Served.Library),
                1,
                null,
                stop.Token
            )
        );
    }
}
