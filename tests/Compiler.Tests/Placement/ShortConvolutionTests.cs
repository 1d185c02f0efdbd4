using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tests.Steps;

namespace TaalasSim.Compiler.Tests.Placement;

/// <summary>Layers that keep a state in place of keys and values: what they hold, when they run, and what grows with the context.</summary>
[Category("Timing")]
public sealed class ShortConvolutionTests
{
    // LFM2-1.2B with four layers, of which the third has attention; 2048 wide, convolutions over 3 tokens, 8 KV heads of 64.
    private const int Width = 2048,
        Length = 3,
        KeysAndValues = 2 * 8 * 64;

    private static readonly ModelShape Shape = Descriptions.Shape("lfm2-1.2b") with
    {
        Layers = 4,
        AttentionLayers = [2],
        VocabularySize = 1024,
    };

    private static readonly ChipPlan Plan = Place();

    private static readonly TokenSchedule Schedule = BuildTokenSchedule.From(Plan);

    [Test]
    public void A_layer_has_attention_or_a_convolution() =>
        Assert.Multiple(() =>
        {
            for (var layer = 0; layer < 4; layer++)
            {
                var names = Phases(layer).Select(p => p.Name).ToList();
                Assert.That(names.Contains("scores"), Is.EqualTo(layer == 2), $"layer {layer}");
                Assert.That(names.Contains("state"), Is.EqualTo(layer != 2), $"layer {layer}");
                Assert.That(names, Does.Contain("gate_up"));
            }
        });

    [Test]
    public void A_convolution_runs_between_its_two_products()
    {
        string[] order =
        [
            "state_norm",
            "state_input",
            "state_input_collect",
            "state_gate",
            "state",
            "convolution",
            "state_output_gate",
            "state_output",
            "state_output_collect",
            "state_residual",
            "gate_up",
        ];
        Assert.That(Phases(0).Select(p => p.Name).Where(order.Contains), Is.EqualTo(order));
    }

    [Test]
    public void The_state_is_read_and_written_in_one_turn_at_any_context()
    {
        var state = Phases(0).Single(p => p.Name == "state").Demands.Single();
        var lanes = Phases(0).Single(p => p.Name == "convolution").Demands.Single();
        Assert.Multiple(() =>
        {
            // Two tokens read, one written, in 32 bits.
            Assert.That(state.Items, Is.EqualTo(Length * Width * 32));
            Assert.That(state.ItemsPerPosition, Is.Zero);
            Assert.That(lanes.Items, Is.EqualTo(Length * Width));
            var layer = Schedule.Stages.Single(s => s.Layer == 0);
            Assert.That(layer.Cycles(100_000), Is.EqualTo(layer.Cycles(1)));
            var attention = Schedule.Stages.Single(s => s.Layer == 2);
            Assert.That(attention.Cycles(100_000), Is.GreaterThan(attention.Cycles(1)));
        });
    }

    [Test]
    public void A_user_holds_keys_and_values_of_one_layer_and_the_state_of_three()
    {
        var fabric = Plan.Fabric;
        var bits = fabric.Numerics.KvBits;
        var state = 3 * (Length - 1) * Width * 4.0;
        var token = KeysAndValues * bits / 8.0;
        Assert.Multiple(() =>
        {
            Assert.That(CheckFit.KvBytesPerToken(Shape, bits), Is.EqualTo(token));
            Assert.That(CheckFit.StateBytes(Shape, fabric), Is.EqualTo(state));
            Assert.That(EvaluationInput.Of(Plan).KvBytes(1000), Is.EqualTo((1000 * token) + state));
            Assert.That(EvaluationInput.Of(Plan).KvBytes(0), Is.EqualTo(state));
        });
    }

    [Test]
    public void The_longest_context_leaves_room_for_the_state()
    {
        var fabric = Descriptions.Fabric("hc1");
        var (token, state) = (CheckFit.KvBytesPerToken(Shape, fabric.Numerics.KvBits), CheckFit.StateBytes(Shape, fabric));
        fabric = fabric with { KvSram = fabric.KvSram with { CapacityMb = ((500 * token) + state) * 3 / 1e6 / fabric.Dies } };
        Assert.Multiple(() =>
        {
            Assert.That(CheckFit.LongestContext(Shape, fabric, 3), Is.EqualTo(500).Within(1));
            Assert.That(CheckFit.LongestContext(Shape, fabric, 1), Is.EqualTo((int)(1500 + (2 * state / token))).Within(1));
        });
    }

    private static IReadOnlyList<Phase> Phases(int layer) => Schedule.Stages.Single(s => s.Layer == layer).Phases;

    private static ChipPlan Place()
    {
        using var model = SourceModel.Of(Shape, new CompileOptions { Fabric = Descriptions.Fabric("hc1"), Weights = "rom4" });
        return CompilerSteps.Run<PlacedDesign>(model).Placement.Plan;
    }
}
