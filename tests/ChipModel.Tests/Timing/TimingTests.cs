using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Tests.Timing;

[Category("Timing")]
public class TimingTests
{
    private static readonly ModelShape Small = ShapePlan.Llama8B with
    {
        Layers = 4,
        EmbeddingLength = 512,
        Heads = 8,
        KvHeads = 2,
        HeadSize = 64,
        FeedForwardLength = 1024,
        VocabularySize = 4096,
    };

    [Test]
    public void The_products_of_an_hc1_layer_take_rows_pipeline_hops_and_reduction()
    {
        var layer = BuildTokenSchedule.From(ShapePlan.Hc1Llama()).Stages[1];
        // 33,024 sites / (32 layers * 16 sites a tile) = 64.5 tiles: 9 hops. 16 input segments: 4 levels of 2 cycles; down: 56 segments, 6
        // levels.
        const double product = 256 + 9 + 39;
        Assert.Multiple(() =>
        {
            foreach (var name in new[] { "query_key_value", "attention_output", "gate_up", "down" })
                Assert.That(Cycles(layer, name), Is.EqualTo(product), name);
            // A bank hands over 1,024 sums of 32 bits in 32 cycles of 1,024 bits; gate and up leave over sixteen links: 2 * 14,336 * 32 /
            // 16,384 = 56.
            Assert.That(Cycles(layer, "query_key_value_collect"), Is.EqualTo(32 + 9 + (4 * 2)));
            Assert.That(Cycles(layer, "gate_up_collect"), Is.EqualTo(56 + 9 + (4 * 2)));
            Assert.That(Cycles(layer, "down_collect"), Is.EqualTo(32 + 9 + (6 * 2)));
        });
    }

    [Test]
    public void Attention_reads_keys_and_values_of_every_position_through_the_ports_of_a_region()
    {
        var layer = BuildTokenSchedule.From(ShapePlan.Hc1Llama()).Stages[1];
        // 8 heads * 128 * 8 bit a position over 256 ports of 32 bytes; latency 6, lane pipeline 6, tree over 128 elements 7.
        Assert.Multiple(() =>
        {
            Assert.That(Cycles(layer, "scores"), Is.EqualTo(Math.Ceiling(1500 * 8 * 128 * 8 / (256.0 * 32 * 8)) + 6 + 6 + 7));
            Assert.That(Cycles(layer, "values"), Is.EqualTo(Cycles(layer, "scores")));
            Assert.That(Cycles(layer, "softmax"), Is.EqualTo(Math.Ceiling(1500 * 32 / 512.0) + 6 + 12 + 9));
        });
    }

    [Test]
    public void A_token_takes_embedding_layers_and_output_one_after_another()
    {
        var schedule = BuildTokenSchedule.From(ShapePlan.Hc1Llama());
        var chain = schedule.Stages.Sum(s => s.Phases.Sum(p => p.Cycles(1500)));
        Assert.Multiple(() =>
        {
            Assert.That(schedule.Stages, Has.Count.EqualTo(34));
            Assert.That(schedule.Kinds, Is.EqualTo(4), "equal layers are described once; the last has no way to another cluster");
            Assert.That(ClosedFormLatency.TokenCycles(schedule, 1500), Is.EqualTo(chain));
            Assert.That(
                ClosedFormLatency.TokenCycles(schedule, 1500) - ClosedFormLatency.TokenCycles(schedule, 1500, withOutput: false),
                Is.EqualTo(schedule.Output.Cycles(1500))
            );
            Assert.That(ClosedFormLatency.CyclesByUnit(schedule, 1500).Values.Sum(), Is.EqualTo(chain));
        });
    }

    [Test]
    public void Layers_that_differ_only_in_wire_length_are_one_kind_and_each_keeps_its_own_cycles()
    {
        var plan = ShapePlan.Hc1Llama();
        var uneven = plan with { Matrices = [.. plan.Matrices.Select(p => p with { Hops = p.Layer < 0 ? p.Hops : 4 + (p.Layer % 7) })] };
        var schedule = BuildTokenSchedule.From(uneven);
        Assert.Multiple(() =>
        {
            Assert.That(schedule.Kinds, Is.EqualTo(4));
            Assert.That(ClosedFormLatency.TokenCycles(schedule, 1500), Is.EqualTo(schedule.Stages.Sum(s => s.Cycles(1500))));
            // Eight ways of a layer: out and back for each of four products; 9 hops in the even plan.
            Assert.That(
                ClosedFormLatency.TokenCycles(schedule, 1500) - ClosedFormLatency.TokenCycles(BuildTokenSchedule.From(plan), 1500),
                Is.EqualTo(8 * (Enumerable.Range(0, 32).Sum(layer => 4 + (layer % 7)) - (32 * 9)))
            );
        });
    }

    [Test]
    public void Throughput_grows_with_users_until_the_busiest_resource_is_full()
    {
        var schedule = BuildTokenSchedule.From(ShapePlan.Hc1Llama());
        var one = ClosedFormLatency.Figures(schedule, new ServiceShape(1000, 1000, 1), new Hertz(1e9), 1);
        var four = ClosedFormLatency.Figures(schedule, new ServiceShape(1000, 1000, 4), new Hertz(1e9), 1);
        var many = ClosedFormLatency.Figures(schedule, new ServiceShape(1000, 1000, 1000), new Hertz(1e9), 1);
        Assert.Multiple(() =>
        {
            // Four hardly meet: at most a quarter per cent.
            Assert.That(four.TokensPerSecondTotal, Is.EqualTo(4 * one.TokensPerSecondTotal).Within(0.25).Percent);
            // Scores and values: 188 cycles each, one for the write: 377 cycles of the KV ports.
            Assert.That(one.BindingUnit, Is.EqualTo(FabricUnit.KvSram));
            Assert.That(many.TokensPerSecondTotal, Is.EqualTo(1e9 / 377).Within(1e-3));
        });
    }

    [Test]
    public void Prompt_tokens_stream_at_the_interval_and_only_the_last_walks_the_chip()
    {
        var schedule = BuildTokenSchedule.From(ShapePlan.Hc1Llama());
        var intervals = Enumerable.Range(1, 999).Sum(position => ClosedFormLatency.IntervalCycles(schedule, position, withOutput: false));
        var (factor, wait) = schedule.Timetable.Stream(1000, 0);
        Assert.That(
            ClosedFormLatency.PassCycles(schedule, 1000),
            Is.EqualTo((factor * intervals) + ClosedFormLatency.TokenCycles(schedule, 1000) + wait).Within(0.5).Percent
        );
        Assert.That(
            (factor, wait / ClosedFormLatency.TokenCycles(schedule, 1000)),
            Is.EqualTo((17 / 16.0, 0.0)).Within(0.2),
            "the least factor, and waits of less than a fifth of the walk"
        );
        // After 4,000 positions every interval is bound by the KV ports and grows: the mean context alone would do there, the kink before
        // it needs the sum.
        var whole = Enumerable.Range(1, 7999).Sum(position => ClosedFormLatency.IntervalCycles(schedule, position, withOutput: false));
        Assert.That(ClosedFormLatency.StreamCycles(schedule, 0, 7999), Is.EqualTo(whole).Within(0.5).Percent);
        Assert.That(ClosedFormLatency.PassCycles(schedule, 1), Is.EqualTo(ClosedFormLatency.TokenCycles(schedule, 1)));
    }

    [Test]
    public void A_sliding_window_bounds_the_context_cost_of_its_layers_only()
    {
        var plan = ShapePlan.Of(Small with { SlidingWindow = 128, SlidingWindowPeriod = 4 }, ShapePlan.Fabric("demo"));
        var schedule = BuildTokenSchedule.From(plan);
        Assert.Multiple(() =>
        {
            for (var layer = 0; layer < 3; layer++)
                Assert.That(
                    Cycles(schedule.Stages[1 + layer], "scores", 1000),
                    Is.EqualTo(Cycles(schedule.Stages[1 + layer], "scores", 128))
                );
            Assert.That(Cycles(schedule.Stages[4], "scores", 1000), Is.GreaterThan(Cycles(schedule.Stages[4], "scores", 128)));
        });
    }

    [Test]
    public void Routed_experts_share_their_load_and_run_side_by_side()
    {
        var model = Small with { Experts = 8, ExpertsUsed = 2, ExpertFeedForwardLength = 256, FeedForwardLength = 0 };
        var layer = BuildTokenSchedule.From(ShapePlan.Of(model, ShapePlan.Fabric("demo"))).Stages[1];
        var gateUp = layer.Phases.Single(p => p.Name == "gate_up");
        Assert.Multiple(() =>
        {
            Assert.That(gateUp.Demands.Where(d => d.Resource.Unit == FabricUnit.Bank).Select(d => d.Share), Is.All.EqualTo(0.25));
            Assert.That(gateUp.Demands.Max(d => d.Cycles(1)), Is.EqualTo(256), "two experts in two places take as long as one");
            Assert.That(layer.Phases.Select(p => p.Name), Does.Contain("expert_choice"));
            // Activation: 2 of 8 experts of 256, over 512 lanes / 4 regions.
            Assert.That(layer.Phases.Single(p => p.Name == "activation").Demands[0].Cycles(1), Is.EqualTo(2 * 256 / 128.0));
        });
    }

    [Test]
    public void A_model_over_two_dies_crosses_once()
    {
        var single = ShapePlan.Of(Small, ShapePlan.Fabric("demo"));
        var sites = (single.Matrices.Where(p => p.Layer == 2).Min(p => p.FirstSite) + 31) / 32;
        var two = ShapePlan.Of(Small, ShapePlan.Fabric("demo", ("dies", "2"), ("sites.rows", $"{sites}")) with { });
        var schedule = BuildTokenSchedule.From(two);
        var links = schedule.Stages.SelectMany(s => s.Phases).Where(p => p.Unit == FabricUnit.DieLink).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(links, Has.Length.EqualTo(1));
            Assert.That(links[0].Cycles(1), Is.EqualTo(512 * 32 / 1024.0 + 20));
        });
    }

    [Test]
    public void More_of_a_resource_never_lowers_the_rate_and_more_context_never_raises_it()
    {
        var parts = new[]
        {
            "vector.lanes",
            "kv_sram.banks",
            "kv_sram.port_bytes",
            "network.link_bits",
            "network.vector_links",
            "sampler.logits_per_cycle",
        };
        Gen.Select(Gen.Int[0, parts.Length - 1], Gen.Int[1, 4], Gen.Int[1, 3000], Gen.Int[1, 3000], Gen.Int[1, 300])
            .Sample(
                (part, doublings, context, more, users) =>
                {
                    var fabric = ShapePlan.Fabric("demo");
                    var now = int.Parse(Read(fabric, parts[part]), System.Globalization.CultureInfo.InvariantCulture);
                    var larger = ShapePlan.Fabric("demo", (parts[part], $"{now << doublings}"));
                    var service = new ServiceShape(context, 10, users);
                    var before = Figures(fabric, service);
                    var after = Figures(larger, service);
                    var longer = Figures(fabric, service with { InputTokens = context + more });
                    // A wider vector unit has a deeper tree: at most one cycle per level in each of nine lane trees a layer. Slots of many
                    // users meet elsewhere when a unit gets faster (Graham 1969): two steps of the grid of intervals.
                    var slack = (parts[part] == "vector.lanes" ? 1 + (0.02 * doublings) : 1) * (users > 1 ? 1.032 : 1);
                    return after.TokensPerSecondUser * slack >= before.TokensPerSecondUser * (1 - 1e-12)
                        && after.TokensPerSecondTotal * slack >= before.TokensPerSecondTotal * (1 - 1e-12)
                        && longer.TokensPerSecondUser <= before.TokensPerSecondUser * slack
                        && longer.TimeToFirstTokenSeconds.Value >= before.TimeToFirstTokenSeconds.Value;
                },
                iter: 60,
                threads: 1
            );
    }

    private static string Read(FabricSpec fabric, string part) =>
        FormattableString.Invariant(
            $"{part switch
    {
        "vector.lanes" => fabric.Vector.Lanes,
        "kv_sram.banks" => fabric.KvSram.Banks,
        "kv_sram.port_bytes" => fabric.KvSram.PortBytes,
        "network.link_bits" => fabric.Network.LinkBits,
        "network.vector_links" => fabric.Network.VectorLinks,
        _ => fabric.Sampler.LogitsPerCycle,
    }}"
        );

    private static LatencyFigures Figures(FabricSpec fabric, ServiceShape service) =>
        ClosedFormLatency.Figures(BuildTokenSchedule.From(ShapePlan.Of(Small, fabric)), service, new Hertz(1e9), 1);

    private static double Cycles(LayerSchedule layer, string phase, double positions = 1500) =>
        layer.Phases.Single(p => p.Name == phase).Cycles(positions);
}
