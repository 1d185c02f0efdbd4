using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tests.Steps;

namespace TaalasSim.Compiler.Tests.Placement;

/// <summary>Gated delta nets: the matrices in front of them, their states, and the turns that a token takes at memory and lanes.</summary>
[Category("Timing")]
public sealed class DeltaNetTests
{
    // Qwen3.5 9B with four layers, of which the last has attention.
    private const int Heads = 32,
        Size = 128,
        Keys = 16,
        Convolved = (2 * Keys * Size) + (Heads * Size),
        State = Heads * Size * Size,
        Length = 4;

    private static readonly ModelShape Shape = Descriptions.Shape("qwen3.5-9b") with
    {
        Layers = 4,
        AttentionLayers = [3],
        VocabularySize = 1024,
    };

    private static readonly ChipPlan Plan = Place();

    private static readonly TokenSchedule Schedule = BuildTokenSchedule.From(Plan);

    [Test]
    public void Matrices_have_the_sizes_of_keys_values_and_gates()
    {
        string[] Sizes(int layer) =>
            [
                .. Plan
                    .Matrices.Where(m => m.Layer == layer && m.Role is not (MatrixRole.Gate or MatrixRole.Up or MatrixRole.Down))
                    .Select(m => $"{m.Role} {m.Inputs} {m.Outputs}"),
            ];
        Assert.Multiple(() =>
        {
            Assert.That(
                Sizes(0),
                Is.EqualTo(
                    (string[])
                        [
                            "StateInput 4096 8192",
                            "StateInput 4096 4096",
                            "StateInput 4096 32",
                            "StateInput 4096 32",
                            "StateOutput 4096 4096",
                        ]
                )
            );
            // 16 heads of 256 with a gate of each element.
            Assert.That(
                Sizes(3),
                Is.EqualTo((string[])["Query 4096 8192", "Key 4096 1024", "Value 4096 1024", "AttentionOutput 4096 4096"])
            );
        });
    }

    [Test]
    public void A_delta_net_runs_between_its_products_and_attention_has_a_gate()
    {
        string[] order =
        [
            "state_input_collect",
            "state",
            "convolution",
            "state_activation",
            "state_key_norm",
            "recurrence",
            "state_output_norm",
            "state_output_gate",
            "state_output",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(Phases(0).Select(p => p.Name).Where(order.Contains), Is.EqualTo(order));
            Assert.That(Phases(0).Select(p => p.Name), Has.None.EqualTo("state_gate"));
            var gate = Phases(3).SkipWhile(p => p.Name != "values").ElementAt(1);
            Assert.That((gate.Name, gate.Demands.Single().Items), Is.EqualTo(("attention_gate", 16.0 * 256)));
            Assert.That(Phases(3).Select(p => p.Name), Has.None.StartsWith("state"));
        });
    }

    [Test]
    public void States_are_read_and_written_whole_while_the_lanes_work_on_them()
    {
        var window = Phases(0).Single(p => p.Name == "state").Demands.Single();
        var turn = Phases(0).Single(p => p.Name == "recurrence");
        var (lanes, memory) = (turn.Demands[0], turn.Demands[1]);
        Assert.Multiple(() =>
        {
            Assert.That(window.Items, Is.EqualTo(Length * Convolved * 32.0));
            // Decay, sum for the key, correction, sum for the query.
            Assert.That((lanes.Resource.Unit, lanes.Items), Is.EqualTo((FabricUnit.Vector, 4.0 * State)));
            Assert.That((memory.Resource.Unit, memory.Items), Is.EqualTo((FabricUnit.KvSram, 2.0 * State * 32)));
            Assert.That(turn.Demands.Sum(d => d.ItemsPerPosition), Is.Zero);
            // A head's own chain is shorter than the turn of all heads, so the next token finds its state.
            Assert.That(turn.FillCycles, Is.LessThan(lanes.Cycles(1)));
            var layer = Schedule.Stages.Single(s => s.Layer == 0);
            Assert.That(layer.Cycles(100_000), Is.EqualTo(layer.Cycles(1)));
        });
    }

    [Test]
    public void A_user_holds_keys_and_values_of_one_layer_and_the_states_of_three()
    {
        var fabric = Plan.Fabric;
        var state = 3 * (State + ((Length - 1) * Convolved)) * 4.0;
        var token = 2 * 4 * 256 * fabric.Numerics.KvBits / 8.0;
        Assert.Multiple(() =>
        {
            Assert.That(CheckFit.StateBytes(Shape, fabric), Is.EqualTo(state));
            Assert.That(EvaluationInput.Of(Plan).KvBytes(1000), Is.EqualTo((1000 * token) + state));
        });
    }

    [Test]
    public void Verilog_of_a_chip_with_states_is_refused_in_one_line() =>
        Assert.That(
            () => ChipRtlConfig.For(Plan, Schedule),
            Throws.Exception.With.Message.Contain("recurrent state (gated delta nets, Mamba-2)").And.Message.Not.Contain("\n")
        );

    private static IReadOnlyList<Phase> Phases(int layer) => Schedule.Stages.Single(s => s.Layer == layer).Phases;

    private static ChipPlan Place()
    {
        using var model = SourceModel.Of(Shape, new CompileOptions { Fabric = Descriptions.Fabric("hc1"), Weights = "rom4" });
        return CompilerSteps.Run<PlacedDesign>(model).Placement.Plan;
    }
}
