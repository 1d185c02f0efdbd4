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
        [Phase("output", 4, [], Take(FabricUnit.Bank, 2, 5))]
    );

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
        // 99 intervals of the layer's ten cycles and a sixteenth, 11; then the 25 of the last.
        var result = new EventEngine(Line, Workload.Users(1, new Request(0, 100, 1))).Run();
        Assert.That(result.Cycles, Is.EqualTo((99 * 11) + 3 + 1 + 10 + 2 + 5 + 4));
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
            [Phase("output", 1, [], Take(FabricUnit.Sampler, 0, 1))]
        );
        var result = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 1))).Run();
        Assert.Multiple(() =>
        {
            Assert.That(result.Cycles, Is.EqualTo(2 + 9 + 4 + 1 + 1));
            Assert.That(result.TokenParts(0, 0), Does.Contain((new PathPart(PathPartKind.Working, FabricUnit.Vector), 9L)));
            Assert.That(result.CriticalPath.Single(r => r.Part == "b").Cycles, Is.Zero, "off the critical path");
        });
    }

    [Test]
    public void A_shared_unit_serves_the_phase_that_comes_first_and_the_other_goes_on_behind_it()
    {
        // One unit, asked twice a token: 4, one cycle of pipeline, 6. Interval 10, the work of the unit. Slot 0 has it in 0…4 and from 5
        // on; slot 1 comes at 10 and takes it until 14; the last cycle of slot 0 comes behind: 14…15. Slot 1 has nobody behind it, 15…21,
        // but the output takes it an interval after slot 0: 25.
        var schedule = Of(
            [Phase("first", 1, [], Take(FabricUnit.Vector, 0, 4)), Phase("second", 0, [0], Take(FabricUnit.Vector, 0, 6))],
            [Phase("output", 1, [])]
        );
        var result = new EventEngine(schedule, Workload.Users(2, new Request(0, 1, 1)), new TraceWindow(0, 100)).Run();
        Assert.Multiple(() =>
        {
            Assert.That(result.Requests.Select(r => r.FirstTokenCycle), Is.EqualTo(new[] { 15L + 1, 25 + 1 }));
            Assert.That(
                result.Trace.Where(t => t.Request == 0).Select(t => (t.StartCycle, t.Cycles)),
                Is.EqualTo(new[] { (0L, 4L), (5, 5), (14, 1) })
            );
            Assert.That(result.TokenParts(0, 0), Does.Contain((new PathPart(PathPartKind.Waiting, FabricUnit.Vector), 4L)));
        });
    }

    [Test]
    public void The_timetable_of_two_visits_is_the_one_worked_out_by_hand()
    {
        // Circle of 12 cycles. first: 0…4. second is ready at 5: 5…11. With an interval of 10 it meets the next slot at 10…14 and has its
        // last cycle at 14…15.
        var schedule = Of(
            [Phase("first", 1, [], Take(FabricUnit.Vector, 0, 4)), Phase("second", 0, [0], Take(FabricUnit.Vector, 0, 6))],
            [Phase("output", 1, [])]
        );
        Assert.Multiple(() =>
        {
            Assert.That(
                schedule.Timetable.Rows(12, 1).Select(r => (r.Ready, r.End, r.Waited)),
                Is.EqualTo(new[] { (0L, 5L, 0L), (5, 11, 0), (11, 12, 0) })
            );
            Assert.That(
                schedule.Timetable.Rows(10, 1).Select(r => (r.Ready, r.End, r.Waited)),
                Is.EqualTo(new[] { (0L, 5L, 0L), (5, 15, 4), (15, 16, 0) })
            );
            Assert.That(schedule.Timetable.WaitCycles(10, 1), Is.EqualTo(4));
            Assert.That(schedule.Timetable.WaitCycles(9, 1), Is.EqualTo(double.PositiveInfinity), "ten cycles of work a slot");
            // 12 cycles alone: two users fit in two intervals of 10 with the wait of 4.
            Assert.That(schedule.Timetable.InitiationInterval(2, 1), Is.EqualTo(10));
        });
    }

    [Test]
    public void A_stage_without_room_holds_the_sender_and_is_named()
    {
        // Five users at interval 10 (the layer's bank); one buffer a stage. Layer: 10 + 20 of pipeline, so a token leaves it 30 after it
        // came, and only then the next is sent: the embedding (5) of token 1 is ready at 10 and waits for 5 + 30 = 35.
        Phase[][] stages =
        [
            [Phase("embedding", 0, [], Take(FabricUnit.Bank, 0, 5))],
            [Phase("layer", 20, [], Take(FabricUnit.Bank, 1, 10))],
            [Phase("output", 0, [], Take(FabricUnit.Sampler, 0, 1))],
        ];
        var free = new EventEngine(Of(stages), Workload.Users(3, new Request(0, 1, 1))).Run();
        var tight = new EventEngine(Of(1, stages), Workload.Users(3, new Request(0, 1, 1))).Run();
        Assert.Multiple(() =>
        {
            // Interval of three users: 36 cycles a token over three, 12.
            Assert.That(free.Requests.Select(r => r.FirstTokenCycle), Is.EqualTo(new[] { 36L, 48, 60 }));
            Assert.That(tight.Requests[0].FirstTokenCycle, Is.EqualTo(36));
            // Token 1 enters at 12, its only phase is ready to send; the layer is free at 35: 35 + 5 + 30 + 1.
            Assert.That(tight.Requests[1].FirstTokenCycle, Is.EqualTo(35 + 5 + 30 + 1));
            // The embedding's own buffer is free at 5, the turn comes at 12.
            Assert.That(tight.TokenParts(1, 0), Does.Contain((new PathPart(PathPartKind.Credit, FabricUnit.Network), 5L + (35 - 12))));
            Assert.That(tight.TokenParts(1, 0).Sum(p => p.Cycles), Is.EqualTo(71));
            Assert.That(tight.Requests[2].FirstTokenCycle, Is.GreaterThan(free.Requests[2].FirstTokenCycle));
        });
    }

    [Test]
    public void Two_dies_take_the_cycles_of_a_small_schedule_worked_out_by_hand()
    {
        // Die 0: bank 8, then a link of 6 with 20 of wires. Die 1: bank 9, lanes 3. Output 2. Alone 8 + 26 + 9 + 3 + 2 = 48.
        var schedule = Of(
            [Phase("embedding", 0, [], Take(FabricUnit.Bank, 0, 1))],
            [Phase("product", 0, [], Take(FabricUnit.Bank, 1, 7)), Phase("die_link", 20, [0], Take(FabricUnit.DieLink, 0, 6))],
            [Phase("product", 0, [], Take(FabricUnit.Bank, 2, 9)), Phase("lanes", 0, [0], Take(FabricUnit.Vector, 1, 3))],
            [Phase("output", 0, [], Take(FabricUnit.Sampler, 1, 2))]
        );
        var one = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 1))).Run();
        // A prompt of two: the second an interval of 9 · 17/16 = 10 behind the first, which skips the output.
        var two = new EventEngine(schedule, Workload.Users(1, new Request(0, 2, 1))).Run();
        Assert.Multiple(() =>
        {
            Assert.That(one.Cycles, Is.EqualTo(48));
            Assert.That(one.TokenParts(0, 0), Does.Contain((new PathPart(PathPartKind.Filling, FabricUnit.DieLink), 20L)));
            Assert.That(two.Cycles, Is.EqualTo(48 + 10));
            Assert.That(two.Resources.Single(r => r.Resource.Unit == FabricUnit.DieLink).BusyCycles, Is.EqualTo(12));
            Assert.That(two.Resources.Single(r => r.Resource.Unit == FabricUnit.Sampler).BusyCycles, Is.EqualTo(2));
        });
    }

    [Test]
    public void Playing_every_bank_takes_the_same_cycles_as_a_resource_at_a_time()
    {
        var plan = Plan("llama-3.1-8b", "hc1");
        var schedule = ChipModel.Timing.BuildTokenSchedule.From(plan);
        var banks = new BankGranularity(plan);
        var coarse = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 2, 999))).Run();
        var fine = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 2, 999)), null, banks).Run();
        TestContext.Out.WriteLine($"{banks.Banks} banks, {fine.Events} events against {coarse.Events}");
        Assert.Multiple(() =>
        {
            Assert.That(fine.TokenCycles(0).ToArray(), Is.EqualTo(coarse.TokenCycles(0).ToArray()));
            Assert.That(fine.CriticalPath, Is.EqualTo(coarse.CriticalPath));
            Assert.That(banks.Banks, Is.EqualTo(plan.SitesUsed));
            // Each bank is reached and ends, and hands its sums on or sends them back; every KV bank of every layer three times.
            Assert.That(fine.Events - coarse.Events, Is.GreaterThan(2 * ((3 * (banks.Banks - 600)) + (3 * plan.Fabric.KvSram.Banks))));
        });
    }

    [Test]
    public void Many_users_meet_at_the_same_banks_at_both_granularities()
    {
        var plan = Plan("llama-3.1-8b", "demo", Small);
        var schedule = ChipModel.Timing.BuildTokenSchedule.From(plan);
        var coarse = new EventEngine(schedule, Workload.Users(20, new Request(0, 3, 4, 50))).Run();
        var fine = new EventEngine(schedule, Workload.Users(20, new Request(0, 3, 4, 50)), null, new BankGranularity(plan)).Run();
        Assert.That(fine.Requests, Is.EqualTo(coarse.Requests));
    }

    [Test]
    public void A_series_plays_equal_stages_once_and_does_not_depend_on_the_threads()
    {
        var plan = Plan("llama-3.1-8b", "demo", Small);
        var schedule = ChipModel.Timing.BuildTokenSchedule.From(plan);
        var banks = new BankGranularity(plan);
        var whole = new EventEngine(schedule, Workload.Users(1, new Request(0, 1, 100, 39)), null, banks).Run();
        var first = TokenSeries.Play(schedule, banks, 40, 100, 1);
        var cycles = whole.TokenCycles(0).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(first.Cycles.Sum(), Is.EqualTo(whole.Cycles));
            Assert.That(first.Cycles.Skip(1), Is.EqualTo(cycles.Zip(cycles.Skip(1), (a, b) => b - a)));
            Assert.That(first.Events, Is.LessThan(whole.Events / 3));
            foreach (var threads in new[] { 2, 7 })
                Assert.That(TokenSeries.Play(schedule, banks, 40, 100, threads).Cycles, Is.EqualTo(first.Cycles));
        });
    }

    [Test]
    public void Two_thousand_tokens_of_growing_context_play_in_a_second_of_processor_time()
    {
        var plan = Plan("llama-3.1-8b", "hc1");
        var (schedule, banks) = (ChipModel.Timing.BuildTokenSchedule.From(plan), new BankGranularity(plan));
        TokenSeries.Play(schedule, banks, 1, 64, 1);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        TokenSeries.Play(schedule, banks, 1, 2048, 1);
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(5), "one second on an idle machine; five on a busy one");
    }

    [Test]
    public void Looking_at_a_cycle_names_every_token_and_what_blocks_it()
    {
        var engine = new EventEngine(Line, Workload.Users(3, new Request(0, 1, 2)));
        Assert.Multiple(() =>
        {
            // Interval 10 (three users, 25 cycles a token, the layer 10): tokens at 0, 10 and 20.
            Assert.That(
                engine.Look(12).Select(t => (t.Request, t.PhaseName, t.Answer.Block)),
                Is.EqualTo(new[] { (0, "layer", ProbeBlock.None), (1, "embedding", ProbeBlock.None), (2, "embedding", ProbeBlock.Order) })
            );
            Assert.That(engine.Now, Is.Zero);
        });
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
            // Two users, 25 cycles a token: an interval of 13. Request 0 has the layer in 4…14; request 1 enters at 13 and the layer at 17.
            Assert.That(engine.Probe(layer, 0, 0, 3), Is.EqualTo(new ProbeAnswer(ProbeBlock.EarlierPhase, new PhaseRef(0, 0))));
            Assert.That(engine.Probe(layer, 0, 0, 4).Ready);
            Assert.That(engine.Probe(new PhaseRef(0, 0), 1, 0, 12), Is.EqualTo(new ProbeAnswer(ProbeBlock.Order)), "its turn comes at 13");
            Assert.That(engine.Probe(layer, 1, 0, 16), Is.EqualTo(new ProbeAnswer(ProbeBlock.EarlierPhase, new PhaseRef(0, 0))));
            Assert.That(engine.Probe(layer, 1, 0, 17).Ready);
            Assert.That(
                engine.Probe(new PhaseRef(0, 0), 0, 1, 24).Block,
                Is.EqualTo(ProbeBlock.NotIssued),
                "the first answer leaves at 25"
            );
            Assert.That(engine.Probe(new PhaseRef(0, 0), 0, 1, 25).Block, Is.EqualTo(ProbeBlock.Order), "an interval behind request 1: 26");
            Assert.That(engine.Probe(new PhaseRef(0, 0), 0, 1, 26).Ready);
            Assert.That(engine.Probe(layer, 0, 0, 1000).Ready, "long past");
            Assert.That(() => engine.Probe(layer, 0, 9, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That((engine.Now, engine.Events), Is.EqualTo((4L, events)));
            Assert.That(engine.Run().Cycles, Is.EqualTo(new EventEngine(Line, workload).Run().Cycles));
        });
    }

    [Test]
    public void Every_cycle_of_every_token_is_attributed_once()
    {
        var schedule = Chip("llama-3.1-8b", "demo", m =>
            Small(m) with
            {
                Experts = 8,
                ExpertsUsed = 2,
                ExpertFeedForwardLength = 256,
                FeedForwardLength = 0,
            }
        );
        var requests = Enumerable.Range(0, 6).Select(i => new Request(100 * i, 1 + (5 * i), 4 + i, 30 * i)).ToArray();
        var result = new EventEngine(schedule, new Workload { Requests = requests }).Run();
        Assert.Multiple(() =>
        {
            for (var r = 0; r < requests.Length; r++)
            {
                var cycles = result.TokenCycles(r);
                for (var t = 0; t < cycles.Length; t++)
                    Assert.That(
                        result.TokenParts(r, t).Sum(p => p.Cycles),
                        Is.EqualTo(cycles[t] - (t == 0 ? requests[r].ArrivalCycle : cycles[t - 1])),
                        $"request {r} token {t}"
                    );
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
        Assert.That(
            result.CriticalPath.Select(r => (r.Part, (double)r.Cycles)),
            Is.EqualTo(ClosedFormLatency.CyclesByPhase(schedule, 1500))
        );
    }

    [Test]
    public void Experts_are_different_and_even_and_depend_on_the_seed()
    {
        Gen.Select(Gen.Int[1, 64], Gen.Int[1, 8], Gen.ULong)
            .Sample(
                (experts, used, seed) =>
                {
                    var chosen = new int[Math.Min(used, experts)];
                    RandomRouting.Even(seed)(3, 5, 7, experts, chosen);
                    return chosen.Distinct().Count() == chosen.Length && chosen.All(c => c >= 0 && c < experts);
                }
            );
        var count = new int[8];
        var pair = new int[2];
        for (var position = 0; position < 8000; position++)
        {
            RandomRouting.Even(1)(0, position, 1, 8, pair);
            count[pair[0]]++;
            count[pair[1]]++;
        }

        // 2,000 expected, standard deviation √(8,000 · ¼ · ¾) = 39.
        Assert.That(count, Is.All.InRange(2000 - 200, 2000 + 200));
    }

    [Test]
    public void Given_experts_occupy_their_banks_only()
    {
        var schedule = Chip("llama-3.1-8b", "demo", m =>
            Small(m) with
            {
                Experts = 8,
                ExpertsUsed = 2,
                ExpertFeedForwardLength = 256,
                FeedForwardLength = 0,
            }
        );
        var result = new EventEngine(
            schedule,
            new Workload { Requests = [new Request(0, 1, 3)], Experts = (_, _, _, _, chosen) => (chosen[0], chosen[1]) = (6, 1) }
        ).Run();
        var gate = schedule.Stages[1].Phases.Single(p => p.Name == "gate_up").Demands.First(d => d.Alternatives.Count == 8);
        var busy = gate
            .Alternatives.Select(a => result.Resources.Single(r => r.Resource == new Resource(FabricUnit.Bank, a)).BusyCycles)
            .ToArray();
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
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 20], Gen.Int[1, 6], Gen.Int[1, 6])
            .Sample(
                (work, more, fill, users, prompt) =>
                {
                    long Cycles(int w, int u, int p) =>
                        new EventEngine(
                            Of(
                                [Phase("a", fill, [], Take(FabricUnit.Bank, 0, 7))],
                                [Phase("b", 1, [], Take(FabricUnit.Bank, 1, w), Take(FabricUnit.Network, 0, 3))],
                                [Phase("c", 0, [], Take(FabricUnit.Sampler, 0, 2))]
                            ),
                            Workload.Users(u, new Request(0, p, 5))
                        )
                            .Run()
                            .Cycles;
                    // Every resource is visited once, in the same order, by all: a tandem line, where no scheduling anomaly exists. But
                    // intervals are whole cycles: a round of u users takes up to u − 1 more than a token needs, which a round of u + 1 may
                    // not.
                    var rounding = 5 * (users - 1);
                    var cycles = Cycles(work, users, prompt);
                    return Cycles(work + more, users, prompt) >= cycles
                        && Cycles(work, users + 1, prompt) >= cycles - rounding
                        && Cycles(work, users, prompt + 1) >= cycles
                        && Cycles(work, users, prompt) == cycles;
                },
                iter: 200
            );
    }

    [Test]
    public void Pass_timings_of_both_fidelities_agree_on_one_token()
    {
        var plan = Plan("llama-3.1-8b", "demo", Small);
        var technology = ChipModel.Files.YamlReader.Read<ChipModel.Technology.TechnologySpec>(
            TaalasSim.Support.Shared.InRepo($"chips/technology/{plan.Fabric.Technology}.yaml")
        );
        var analytic = new AnalyticPassTiming(plan, technology).CostOf(200, 1);
        var played = new EventPassTiming(plan, technology).CostOf(200, 1);
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
    public void Power_over_time_has_the_mean_of_the_power_model()
    {
        var schedule = Chip("llama-3.1-8b", "demo", Small);
        var result = new EventEngine(schedule, Workload.Users(4, new Request(0, 2, 5)), new TraceWindow(0, long.MaxValue)).Run();
        var power = default(ChipModel.Power.PowerBreakdown) with
        {
            RomWatts = 3,
            ColumnsWatts = 4,
            VectorWatts = 2,
            KvSramWatts = 1,
            ClockWatts = 10,
        };
        var overTime = PowerOverTime.Of(result, power, 50);
        Assert.Multiple(() =>
        {
            foreach (var (unit, watts) in new[] { (FabricUnit.Bank, 7.0), (FabricUnit.Vector, 2), (FabricUnit.KvSram, 1) })
                Assert.That(
                    overTime.Watts[unit].Sum() * overTime.BinCycles / result.Cycles,
                    Is.EqualTo(watts).Within(1e-9),
                    unit.ToString()
                );
            Assert.That(overTime.SteadyWatts, Is.EqualTo(10));
            Assert.That(overTime.Watts[FabricUnit.Bank], Has.Length.LessThanOrEqualTo(50));
        });
    }

    [Test]
    public void Empty_requests_are_refused()
    {
        Assert.That(() => new EventEngine(Line, Workload.Users(1, new Request(0, 0, 1))), Throws.TypeOf<ChipModel.Files.InputException>());
    }
}
