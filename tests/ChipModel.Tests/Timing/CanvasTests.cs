using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Timing;

[Category("Timing")]
public class CanvasTests
{
    private static readonly ModelShape Canvas = ShapePlan.Llama8B with { Causal = false };

    [Test]
    public void One_position_takes_as_long_as_a_token()
    {
        var schedule = BuildTokenSchedule.From(ShapePlan.Hc1Llama());
        Assert.That(CanvasLatency.StepCycles(schedule, 1, 1500), Is.EqualTo(ClosedFormLatency.TokenCycles(schedule, 1500)));
    }

    [Test]
    public void Each_further_position_costs_the_busiest_resource_once_between_two_barriers()
    {
        var schedule = BuildTokenSchedule.From(ShapePlan.Hc1Llama());
        var step = CanvasLatency.StepCycles(schedule, 2, 1500) - CanvasLatency.StepCycles(schedule, 1, 1500);
        // 32 layers: from attention to the next layer's keys, at 1,500 positions the two reads of the KV ports, 2 · 188 cycles; before the
        // first layer the 256 rows of a product.
        Assert.Multiple(() =>
        {
            Assert.That(step, Is.EqualTo((32 * 2 * Math.Ceiling(1500 * 8 * 128 * 8 / (256.0 * 32 * 8))) + 256));
            Assert.That(
                CanvasLatency.StepCycles(schedule, 101, 1500) - CanvasLatency.StepCycles(schedule, 1, 1500),
                Is.EqualTo(100 * step)
            );
        });
    }

    // One stage: three cycles of lanes, then ten of a bank, for each position.
    [TestCase(1, 13 + (7 * 10), TestName = "Reads of one position follow one another")]
    [TestCase(2, 13 + 3 + (3 * 10), TestName = "A read of two waits for the second position")]
    [TestCase(4, 13 + (7 * 3), TestName = "From four on the lanes are busier")]
    [TestCase(8, 13 + (7 * 3), TestName = "A read of all waits for all")]
    [TestCase(256, 13 + (7 * 3), TestName = "More than there are changes nothing")]
    public void Positions_of_a_read_enter_the_bank_together(int positionsPerRead, double expected) =>
        Assert.That(CanvasLatency.StepCycles(Pair(positionsPerRead), 8, 100), Is.EqualTo(expected));

    [Test]
    public void A_read_counts_for_the_positions_that_share_it()
    {
        Assert.Multiple(() =>
        {
            Assert.That(CanvasLatency.ReadsPerPosition(32, 8), Is.EqualTo(1 / 8.0));
            Assert.That(CanvasLatency.ReadsPerPosition(33, 8), Is.EqualTo(5 / 33.0));
            // Its only stage is the first and the last, so that the bank serves a position twice: 2 · 10 cycles, half of a read each.
            Assert.That(CanvasLatency.Bottleneck(Pair(2), 8, 100), Is.EqualTo((FabricUnit.Bank, 10.0)));
            Assert.That(CanvasLatency.Bottleneck(Pair(8), 8, 100), Is.EqualTo((FabricUnit.Vector, 3.0)));
            var service = new ServiceShape(100, 256);
            var shape = Canvas with { CanvasBlock = 32, TokensPerStep = 2 };
            var wide = EvaluationInput.Of(ShapePlan.Of(shape, ShapePlan.Fabric("hc1-block")));
            Assert.That(wide.ActivityOf(service).RomBits, Is.EqualTo(wide.Activity.RomBits / 8).Within(1e-9).Percent);
            Assert.That(wide.ActivityOf(service).ColumnOperations, Is.EqualTo(wide.Activity.ColumnOperations));
        });
    }

    private static TokenSchedule Pair(int positionsPerRead)
    {
        Phase Work(string name, FabricUnit unit, double cycles, params int[] after) =>
            new()
            {
                Name = name,
                Unit = unit,
                After = after,
                FillCycles = 0,
                Demands =
                [
                    new Demand
                    {
                        Resource = new(unit, 0),
                        Items = cycles,
                        ItemsPerCycle = 1,
                        BitsPerItem = 8,
                    },
                ],
            };
        var stage = new LayerSchedule
        {
            Name = "layer 0",
            Layer = 0,
            Die = 0,
            Region = 0,
            Kind = 0,
            Phases = [Work("norm", FabricUnit.Vector, 3), Work("product", FabricUnit.Bank, 10, 0)],
        };
        return new TokenSchedule
        {
            Stages = [stage],
            Kinds = 1,
            StagesOfKind = [1],
            Representatives = [stage],
            FurtherFillCycles = [0],
            StagesOfRegion = [1],
            PositionsPerRead = positionsPerRead,
        };
    }

    [Test]
    public void Steps_for_a_token_are_those_of_the_specification()
    {
        Assert.Multiple(() =>
        {
            // B = 32, k = 2.3: (32 / 2.3 + 1) / 32 = 0.466 steps and 14.9 positions a token when the answer fills its blocks.
            Assert.That(CanvasLatency.StepsPerToken(32, 2.3, new ServiceShape(100, 256)), Is.EqualTo(0.466).Within(0.0005));
            Assert.That(CanvasLatency.PositionsPerToken(32, 2.3, new ServiceShape(100, 256)), Is.EqualTo(14.9).Within(0.05));
            // Thirty-three tokens need two blocks.
            Assert.That(
                CanvasLatency.PositionsPerToken(32, 2.3, new ServiceShape(100, 33)),
                Is.EqualTo(64 * ((32 / 2.3) + 1) / 33).Within(1e-9)
            );
            // The whole canvas of 100 + 256 positions for one token.
            Assert.That(CanvasLatency.PositionsPerToken(0, 1, new ServiceShape(100, 256)), Is.EqualTo(356));
        });
    }

    [Test]
    public void A_whole_canvas_is_as_slow_as_its_step_and_keeps_one_layer_of_keys_and_values()
    {
        var service = new ServiceShape(100, 156);
        var chip = EvaluationInput.Of(ShapePlan.Of(Canvas, ShapePlan.Fabric("hc1")));
        var speed = chip.Speed(service, 0.8);
        Assert.Multiple(() =>
        {
            Assert.That(
                speed.TokensPerSecondUser,
                Is.EqualTo(chip.Fabric.Clock.Value / 0.8 / CanvasLatency.StepCycles(chip.Schedule, 256, 256)).Within(1e-6).Percent
            );
            Assert.That(speed.PromptTokenSeconds.Value, Is.Zero, "prompts are computed with the answer");
            Assert.That(chip.KvBytes(1000), Is.EqualTo(65_536_000 / 32.0));
            Assert.That(
                EvaluationInput
                    .Of(ShapePlan.Of(Canvas with { CanvasBlock = 32, TokensPerStep = 2.3 }, ShapePlan.Fabric("hc1")))
                    .KvBytes(1000),
                Is.EqualTo(65_536_000)
            );
        });
    }

    [Test]
    public void Post_norms_and_norms_of_queries_and_keys_take_their_time()
    {
        double Cycles(ModelShape shape, string phase) =>
            BuildTokenSchedule
                .From(ShapePlan.Of(shape, ShapePlan.Fabric("hc1")))
                .Stages[1]
                .Phases.Where(p => p.Name == phase)
                .Sum(p => p.Cycles(1500));
        var norm = Cycles(ShapePlan.Llama8B, "attention_norm");
        var (plain, normed) = (ShapePlan.Llama8B, ShapePlan.Llama8B with { PostNorms = true, QkNorm = true });
        Assert.Multiple(() =>
        {
            Assert.That(Cycles(plain, "attention_post_norm") + Cycles(plain, "query_key_norm"), Is.Zero);
            Assert.That(Cycles(normed, "attention_post_norm"), Is.EqualTo(norm));
            Assert.That(Cycles(normed, "feed_forward_post_norm"), Is.EqualTo(norm));
            // 40 heads of 128 in place of 4,096 elements, two passes over 512 lanes: 20 cycles against 16.
            Assert.That(Cycles(normed, "query_key_norm") - norm, Is.EqualTo(4));
        });
    }
}
