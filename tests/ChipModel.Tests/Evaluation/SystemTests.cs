using NUnit.Framework;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Evaluation;

/// <summary>Several packages and cards, tensor partition, HBM.</summary>
[Category("Timing")]
public class SystemTests
{
    // Payload of one residual vector of Llama 3.1 8B, and its time at 57.6 GB/s: 4,096 · 32 bit = 16,384 B, 284.4 ns.
    private const double VectorSeconds = 16_384 / 57.6e9;

    private static readonly PriceBook Prices = YamlReader.Read<PriceBook>(Shared.InRepo("chips/prices/2026-11.yaml"));

    [Test]
    public void A_pipeline_over_cards_waits_for_one_link_between_neighbouring_dies()
    {
        var chip = EvaluationInput.Of(ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("dies", "4"), ("sites.rows", "48"))));
        var crossings = chip.Schedule.Stages.Select(s => s.Die).Distinct().Count() - 1;
        Assert.Multiple(() =>
        {
            Assert.That(crossings, Is.EqualTo(3));
            Assert.That(
                chip.OffDieTiming(new ServiceShape(1000, 1000)).TokenSeconds(1500),
                Is.EqualTo(crossings * (1e-6 + VectorSeconds)).Within(1e-12)
            );
            Assert.That(chip.Activity.PackageLinkBits, Is.EqualTo(crossings * 4096 * 32.0));
            Assert.That(
                chip.OffDieTiming(new ServiceShape(1000, 1000)).Interval(1500),
                Is.EqualTo((FabricUnit.PackageLink, VectorSeconds)),
                "every link carries one vector a token"
            );
        });
    }

    [Test]
    public void Dies_of_one_package_use_the_link_inside_it()
    {
        var chip = EvaluationInput.Of(
            ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("dies", "4"), ("sites.rows", "48"), ("system.dies_per_package", "4")))
        );
        Assert.Multiple(() =>
        {
            Assert.That(chip.OffDieTiming(new ServiceShape(1000, 1000)).TokenSeconds(1500), Is.Zero);
            Assert.That(chip.Activity.DieLinkBits, Is.EqualTo(3 * 4096 * 32.0));
            Assert.That(chip.Activity.PackageLinkBits, Is.Zero);
        });
    }

    [Test]
    public void Tensor_partition_adds_up_twice_a_layer_by_halving_and_doubling()
    {
        var chip = EvaluationInput.Of(
            ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("dies", "2"), ("system.tensor_parallel_dies", "2")))
        );
        // Two dies: 2 steps and 2 · 1/2 of the vector for each of 64 sums; one step and the vector for the embedding, one and 128 bit for
        // the token.
        var expected = (64 * (2e-6 + VectorSeconds)) + 1e-6 + VectorSeconds + 1e-6 + (16 / 57.6e9);
        var figures = ClosedFormLatency.Figures(
            chip.Schedule,
            new ServiceShape(1000, 1000),
            new Hertz(1e9),
            0.8,
            chip.OffDieTiming(new ServiceShape(1000, 1000))
        );
        Assert.Multiple(() =>
        {
            Assert.That(chip.OffDieTiming(new ServiceShape(1000, 1000)).TokenSeconds(1500), Is.EqualTo(expected).Within(1e-11));
            Assert.That(
                figures.TokenSeconds.Value,
                Is.EqualTo(((ClosedFormLatency.TokenCycles(chip.Schedule, 1500) - chip.Schedule.PackageLinkCycles) * 0.8e-9) + expected)
                    .Within(1e-11),
                "the latency factor leaves links alone"
            );
            Assert.That(
                chip.Schedule.PackageLinkCycles,
                Is.EqualTo(expected * chip.Fabric.Clock.Value).Within(70),
                "phases count whole cycles"
            );
        });
    }

    [Test]
    public void Tensor_partition_divides_heads_and_hidden_elements_and_repeats_norms()
    {
        var one = BuildTokenSchedule.From(ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1"))).Stages[1];
        var two = BuildTokenSchedule
            .From(ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("dies", "2"), ("system.tensor_parallel_dies", "2"))))
            .Stages[1];
        double Items(LayerSchedule s, string phase, FabricUnit unit) =>
            s.Phases.Single(p => p.Name == phase).Demands.Last(d => d.Resource.Unit == unit).ItemsAt(1500);
        Assert.Multiple(() =>
        {
            foreach (var phase in new[] { "softmax", "activation", "rotary" })
                Assert.That(Items(two, phase, FabricUnit.Vector) * 2, Is.EqualTo(Items(one, phase, FabricUnit.Vector)), phase);
            Assert.That(Items(two, "attention_norm", FabricUnit.Vector), Is.EqualTo(Items(one, "attention_norm", FabricUnit.Vector)));
            foreach (var phase in new[] { "kv_write", "scores", "values" })
                Assert.That(Items(two, phase, FabricUnit.KvSram) * 2, Is.EqualTo(Items(one, phase, FabricUnit.KvSram)), phase);
            Assert.That(
                Items(two, "gate_up_collect", FabricUnit.Network) * 2,
                Is.EqualTo(Items(one, "gate_up_collect", FabricUnit.Network))
            );
            Assert.That(
                Items(two, "down_collect", FabricUnit.Network),
                Is.EqualTo(Items(one, "down_collect", FabricUnit.Network)),
                "every die has sums of all outputs"
            );
        });
    }

    [Test]
    public void Keys_and_values_of_all_users_are_the_same_however_many_dies_share_a_layer()
    {
        var one = EvaluationInput.Of(ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1")));
        var eight = EvaluationInput.Of(
            ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("dies", "8"), ("system.tensor_parallel_dies", "8")))
        );
        var sixteen = EvaluationInput.Of(
            ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("dies", "16"), ("system.tensor_parallel_dies", "16")))
        );
        Assert.Multiple(() =>
        {
            Assert.That(one.KvBytes(1000), Is.EqualTo(65_536_000));
            Assert.That(eight.KvBytes(1000), Is.EqualTo(65_536_000));
            Assert.That(sixteen.KvBytes(1000), Is.EqualTo(2 * 65_536_000), "eight key/value heads on sixteen dies are kept twice");
        });
    }

    [Test]
    public void What_SRAM_cannot_hold_is_read_from_HBM_at_its_bandwidth()
    {
        var chip = EvaluationInput.Of(ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1-hbm")));
        var service = new ServiceShape(1000, 1000, 4);
        var off = chip.OffDieTiming(service);
        // 4 users · 2,000 · 65,536 B = 524.288 MB, of which 261 MB stand in SRAM. A token reads 1,500 · 65,536 B = 98.304 MB; 32 layers
        // wait 150 ns each.
        const double share = 1 - (261 / 524.288);
        Assert.Multiple(() =>
        {
            Assert.That(off.HbmShare, Is.EqualTo(share).Within(1e-12));
            Assert.That(off.TokenSeconds(1500), Is.EqualTo((32 * 150e-9) + (share * 98.304e6 / 750e9)).Within(1e-12));
            Assert.That(off.Interval(1500), Is.EqualTo((FabricUnit.Hbm, share * 98.304e6 / 750e9)));
            Assert.That(chip.OffDieTiming(service with { Users = 1 }).HbmShare, Is.Zero, "131 MB fit the SRAM");
            Assert.That(chip.UsersHeld(2000), Is.EqualTo((261e6 + 16e9) / 131.072e6).Within(1e-9));
        });
    }

    [Test]
    public void Stacks_an_interposer_and_more_cards_are_paid_for()
    {
        var (one, stacked, three) = (ShapePlan.Fabric("hc1"), ShapePlan.Fabric("hc1-hbm"), ShapePlan.Fabric("hc1", ("dies", "3")));
        Assert.Multiple(() =>
        {
            Assert.That(ChipCost.CardUsd(Prices, one, 300), Is.EqualTo((360 / 0.98) + 350).Within(1e-9));
            Assert.That(ChipCost.CardUsd(Prices, stacked, 300), Is.EqualTo(((360 + 320 + 400) / (0.98 * 0.98)) + 350).Within(1e-9));
            Assert.That(ChipCost.CardUsd(Prices, three, 300), Is.EqualTo(3 * ChipCost.CardUsd(Prices, one, 300)).Within(1e-9));
            Assert.That(
                ChipCost.CardUsd(Prices, ShapePlan.Fabric("successor-20b"), 300),
                Is.EqualTo((2 * 360 / (0.98 * 0.98)) + 350).Within(1e-9)
            );
        });
    }

    [Test]
    public void Several_packages_without_a_link_are_refused_and_so_is_a_group_that_does_not_divide_the_dies()
    {
        var demo = ShapePlan.Fabric("demo");
        Assert.Multiple(() =>
        {
            Assert.That(
                FabricFile.Faults(
                    demo with
                    {
                        Dies = 2,
                        System = new SystemSpec { DiesPerPackage = 1 },
                    }
                ),
                Has.Some.Contains("need system.link")
            );
            Assert.That(
                FabricFile.Faults(
                    demo with
                    {
                        Dies = 3,
                        System = new SystemSpec { TensorParallelDies = 2 },
                    }
                ),
                Has.Some.Contains("must be a multiple")
            );
            Assert.That(
                FabricFile.Faults(
                    demo with
                    {
                        Dies = 2,
                        System = new SystemSpec { TensorParallelDies = 2 },
                    }
                ),
                Is.Empty
            );
        });
    }
}
