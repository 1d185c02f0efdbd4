using System.Text.Json;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Activity;
using TaalasSim.Runtime.Engine;
using static TaalasSim.Runtime.Tests.Engine.Schedules;

namespace TaalasSim.Runtime.Tests.Engine;

[Category("Timing")]
public class EngineTests
{
    // Embedding 3 + 1, layer 10 + 2, output 5 + 4 cycles of work and fill.
    private static readonly TokenSchedule Line = Of(
        [Phase("embedding", 1, [], Take(FabricUnit.Bank, 0, 3))],
        [Phase("layer", 2, [], Take(FabricUnit.Bank, 1, 10))],
        [Phase("output", 4, [], Take(FabricUnit.Bank, 2, 5))]);

    [Test]
    public void A_token_takes_the_work_and_fill_of_its_phases()
    {
        var result = new EventEngine(Line, Workload.Users(1, new Request(7, 1, 3))).Run();
        const int token = 3 + 1 + 10 + 2 + 5 + 4;
        Assert.Multiple(() =>
        {
            Assert.That(result.TokenCycles(0).ToArray(), Is.EqualTo(new[] { 7 + token, 7 + (2 * token), 7 + (3 * token) }));
            Assert.That(result.Requests[0].TimeToFirstTokenCycles, Is.EqualTo(token));
            Assert.That(result.Requests[0].TokensPerSecond(1e9), Is.EqualTo(1e9 / token));
        });
    }

    [Test]
    public void Prompt_tokens_stream_at_the_slowest_resource()
    {
        // Fill 3 + 1, then 100 tokens every 10 cycles, drain 2 + 5 + 4 of the last.
        var result = new EventEngine(Line, Workload.Users(1, new Request(0, 100, 1))).Run();
        Assert.That(result.Cycles, Is.EqualTo(3 + 1 + (100 * 10) + 2 + 5 + 4));
        Assert.That(result.Resources[1].BusyCycles, Is.EqualTo(1000));
    }

    [Test]
    public void Users_share_the_slowest_resource()
    {
        // Ten users need the layer's ten cycles each: a round of the ten takes 100, which is more than the 25 of one token.
        var result = new EventEngine(Line, Workload.Users(10, new Request(0, 1, 20))).Run();
        Assert.That(result.Cycles, Is.EqualTo(3 + 1 + (10 * 20 * 10) + 2 + 5 + 4));
    }

    [Test]
    public void A_phase_that_waits_for_two_begins_behind_the_later()
    {
        // 2, then 5 + 1 beside 9 + 0, then 4: the path is 2 + 9 + 4.
        var schedule = Of(
            [
                Phase("a", 0, [], Take(FabricUnit.Bank, 0, 2)),
                Phase("b", 1, [0], Take(FabricUnit.Bank, 1, 5)),
                Phase("c", 0, [0], Take(FabricUnit.Vector, 0, 9)),
                Phase("d", 0, [1, 2], Take(FabricUnit.Bank, 2, 4)),
            ],
            [Phase("output", 1, [], Take(FabricUnit.Sampler, 0, 1))]);
        var result = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 1))).Run();
        Assert.Multiple(() =>
        {
            Assert.That(result.Cycles, Is.EqualTo(2 + 9 + 4 + 1 + 1));
            Assert.That(result.TokenParts(0, 0), Does.Contain((new PathPart(PathPartKind.Working, FabricUnit.Vector), 9L)));
            Assert.That(result.CriticalPath.Single(r => r.Part == "b").Cycles, Is.Zero, "off the critical path");
        });
    }

    [Test]
    public void A_busy_resource_takes_the_oldest_token_first()
    {
        // One bank, asked twice per token: 4, 1 cycle of pipeline, 4. Token 1 waits from 0 and starts at 4; token 0 comes back at 5, waits, and leaves at 8 + 4.
        var schedule = Of([Phase("first", 1, [], Take(FabricUnit.Bank, 0, 4)), Phase("second", 0, [0], Take(FabricUnit.Bank, 0, 4))], [Phase("output", 1, [])]);
        var result = new EventEngine(schedule, Workload.Users(3, new Request(0, 1, 1))).Run();
        Assert.That(result.Requests.Select(r => r.FirstTokenCycle), Is.EqualTo(new[] { 8L + 4 + 1, 12 + 4 + 1, 21 + 4 + 1 }), "first of 2 at 16, so its second is ready at 21");
    }

    [Test]
    public void A_probe_names_what_blocks_a_phase_at_the_cycle_before_and_leaves_no_trace()
    {
        var workload = Workload.Users(2, new Request(0, 1, 2));
        var engine = new EventEngine(Line, workload);
        engine.AdvanceTo(5);
        var events = engine.Events;
        var layer = new PhaseRef(1, 0);
        Assert.Multiple(() =>
        {
            // Request 0 has the layer in 4…14; request 1 leaves the embedding at 3 + 3 + 1 = 7 and waits until 14.
            Assert.That(engine.Probe(layer, 0, 0, 3), Is.EqualTo(new ProbeAnswer(ProbeBlock.EarlierPhase, new PhaseRef(0, 0))));
            Assert.That(engine.Probe(layer, 0, 0, 4).Ready);
            Assert.That(engine.Probe(layer, 1, 0, 6).Block, Is.EqualTo(ProbeBlock.EarlierPhase));
            Assert.That(engine.Probe(layer, 1, 0, 13), Is.EqualTo(new ProbeAnswer(ProbeBlock.Resource, null, new Resource(FabricUnit.Bank, 1))));
            Assert.That(engine.Probe(layer, 1, 0, 14).Ready);
            Assert.That(engine.Probe(new PhaseRef(0, 0), 0, 1, 24).Block, Is.EqualTo(ProbeBlock.NotIssued), "the first answer leaves at 25");
            Assert.That(engine.Probe(new PhaseRef(0, 0), 0, 1, 25).Ready);
            Assert.That(engine.Probe(layer, 0, 0, 1000).Ready, "long past");
            Assert.That(() => engine.Probe(layer, 0, 9, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That((engine.Now, engine.Events), Is.EqualTo((4L, events)));
            Assert.That(engine.Run().Cycles, Is.EqualTo(new EventEngine(Line, workload).Run().Cycles));
        });
    }

    [Test]
    public void Every_cycle_of_every_token_is_attributed_once()
    {
        var schedule = Chip("llama-3.1-8b", "demo", m => Small(m) with { Experts = 8, ExpertsUsed = 2, ExpertFeedForwardLength = 256, FeedForwardLength = 0 });
        var requests = Enumerable.Range(0, 6).Select(i => new Request(100 * i, 1 + (5 * i), 4 + i, 30 * i)).ToArray();
        var result = new EventEngine(schedule, new Workload { Requests = requests }).Run();
        Assert.Multiple(() =>
        {
            for (var r = 0; r < requests.Length; r++)
            {
                var cycles = result.TokenCycles(r);
                for (var t = 0; t < cycles.Length; t++)
                    Assert.That(result.TokenParts(r, t).Sum(p => p.Cycles), Is.EqualTo(cycles[t] - (t == 0 ? requests[r].ArrivalCycle : cycles[t - 1])), $"request {r} token {t}");
            }

            Assert.That(result.CriticalPath.Sum(p => p.Share), Is.EqualTo(1).Within(1e-12));
            Assert.That(result.CriticalPath.Sum(p => p.Cycles), Is.EqualTo(result.Parts().Sum(p => p.Cycles)));
            Assert.That(result.Resources.Select(r => r.Utilisation), Is.All.InRange(0, 1));
        });
    }

    [Test]
    public void One_token_alone_agrees_with_the_closed_form_phase_by_phase()
    {
        var schedule = Chip("llama-3.1-8b", "hc1");
        var result = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 1, 1499))).Run();
        Assert.That(result.CriticalPath.Select(r => (r.Part, (double)r.Cycles)), Is.EqualTo(ClosedFormLatency.CyclesByPhase(schedule, 1500)));
    }

    [Test]
    public void Experts_are_different_and_even_and_depend_on_the_seed()
    {
        Gen.Select(Gen.Int[1, 64], Gen.Int[1, 8], Gen.ULong).Sample((experts, used, seed) =>
        {
            var chosen = new int[Math.Min(used, experts)];
            ExpertDraw.Even(seed)(3, 5, 7, experts, chosen);
            return chosen.Distinct().Count() == chosen.Length && chosen.All(c => c >= 0 && c < experts);
        });
        var count = new int[8];
        var pair = new int[2];
        for (var position = 0; position < 8000; position++)
        {
            ExpertDraw.Even(1)(0, position, 1, 8, pair);
            count[pair[0]]++;
            count[pair[1]]++;
        }

        // 2,000 expected, standard deviation √(8,000 · ¼ · ¾) = 39.
        Assert.That(count, Is.All.InRange(2000 - 200, 2000 + 200));
    }

    [Test]
    public void Given_experts_occupy_their_banks_only()
    {
        var schedule = Chip("llama-3.1-8b", "demo", m => Small(m) with { Experts = 8, ExpertsUsed = 2, ExpertFeedForwardLength = 256, FeedForwardLength = 0 });
        var result = new EventEngine(schedule, new Workload { Requests = [new Request(0, 1, 3)], Experts = (_, _, _, _, chosen) => (chosen[0], chosen[1]) = (6, 1) }).Run();
        var gate = schedule.Stages[1].Phases.Single(p => p.Name == "gate_up").Demands.First(d => d.Alternatives.Count == 8);
        var busy = gate.Alternatives.Select(a => result.Resources.Single(r => r.Resource == new Resource(FabricUnit.Bank, a)).BusyCycles).ToArray();
        var each = 3 * (long)gate.Cycles(1);
        Assert.That(busy, Is.EqualTo(new[] { 0, each, 0, 0, 0, 0, each, 0 }));
    }

    [Test]
    public void Counts_are_those_of_the_schedule()
    {
        var schedule = Chip("llama-3.1-8b", "demo", Small);
        var activity = ActivityCounters.Of(new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 3, 99))).Run());
        var expected = new[] { 100, 101, 102 }.Select(p => ChipModel.Power.TokenActivity.AtContext(schedule, p)).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(activity.VectorOperations, Is.EqualTo(expected.Sum(e => e.VectorOperations)).Within(1e-6));
            Assert.That(activity.KvBits, Is.EqualTo(expected.Sum(e => e.KvBits)).Within(1e-6));
            Assert.That(activity.KvReadBits, Is.EqualTo(expected.Sum(e => e.KvReadBits)).Within(1e-6));
            Assert.That(activity.Logits, Is.EqualTo(3 * 4096));
            Assert.That((activity.Tokens, activity.AnswerTokens), Is.EqualTo((3L, 3L)));
        });
    }

    [Test]
    public void More_work_never_makes_a_lone_token_faster_and_runs_repeat()
    {
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 20], Gen.Int[1, 6], Gen.Int[1, 6]).Sample((work, more, fill, users, prompt) =>
        {
            long Cycles(int w, int u, int p) => new EventEngine(
                Of([Phase("a", fill, [], Take(FabricUnit.Bank, 0, 7))], [Phase("b", 1, [], Take(FabricUnit.Bank, 1, w), Take(FabricUnit.Network, 0, 3))], [Phase("c", 0, [], Take(FabricUnit.Sampler, 0, 2))]),
                Workload.Users(u, new Request(0, p, 5))).Run().Cycles;
            // Every resource is visited once, in the same order, by all: a tandem line, where no scheduling anomaly exists.
            return Cycles(work + more, users, prompt) >= Cycles(work, users, prompt) && Cycles(work, users + 1, prompt) >= Cycles(work, users, prompt)
                && Cycles(work, users, prompt + 1) >= Cycles(work, users, prompt) && Cycles(work, users, prompt) == Cycles(work, users, prompt);
        }, iter: 200);
    }

    [Test]
    public void Pass_timings_of_both_fidelities_agree_on_one_token()
    {
        var plan = Plan("llama-3.1-8b", "demo", Small);
        var technology = ChipModel.Files.YamlReader.Read<ChipModel.Technology.TechnologySpec>(TaalasSim.Tests.Support.Shared.InRepo($"chips/technology/{plan.Fabric.Technology}.yaml"));
        var analytic = new AnalyticPassTiming(plan, technology).Prefill(200, 1);
        var played = new EventPassTiming(plan, technology).Prefill(200, 1);
        var cycles = ClosedFormLatency.TokenCycles(BuildTokenSchedule.From(plan), 201);
        Assert.Multiple(() =>
        {
            Assert.That(played.Nanoseconds, Is.EqualTo(cycles * technology.Calibration.Latency / plan.Fabric.ClockGhz).Within(1e-6));
            Assert.That(played.Nanoseconds, Is.EqualTo(analytic.Nanoseconds).Within(1e-6));
            Assert.That(played.InitiationNanoseconds, Is.EqualTo(analytic.InitiationNanoseconds).Within(1e-6));
            Assert.That(played.Joules, Is.EqualTo(analytic.Joules).Within(1e-12));
        });
    }

    [Test]
    public void A_trace_is_valid_json_bounded_by_its_window()
    {
        var result = new EventEngine(Line, Workload.Users(2, new Request(0, 1, 2)), new TraceWindow(0, 30, 5)).Run();
        using var stream = new MemoryStream();
        TraceWriter.Write(stream, Line, result, 1e9);
        var events = JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        var slices = events.Where(e => e.GetProperty("ph").GetString() == "X").ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(slices, Has.Length.EqualTo(5));
            Assert.That(result.TraceDropped, Is.GreaterThan(0));
            Assert.That(slices[0].GetProperty("dur").GetDouble(), Is.EqualTo(3 / 1e3), "three cycles of a nanosecond, in microseconds");
            Assert.That(events.Count(e => e.GetProperty("ph").GetString() == "s"), Is.EqualTo(2), "two tokens begin a flow");
            Assert.That(events.Count(e => e.GetProperty("ph").GetString() == "C"), Is.GreaterThan(0));
        });
    }

    [Test]
    public void Empty_requests_are_refused()
    {
        Assert.That(() => new EventEngine(Line, Workload.Users(1, new Request(0, 0, 1))), Throws.TypeOf<ChipModel.Files.InputException>());
    }
}
