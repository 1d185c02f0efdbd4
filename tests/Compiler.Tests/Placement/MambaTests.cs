using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tests.Steps;

namespace TaalasSim.Compiler.Tests.Placement;

/// <summary>Layers of Mamba-2, in place of attention and beside it, and layers of one branch.</summary>
[Category("Timing")]
public sealed class MambaTests
{
    // 64 heads of 64 × 128, 8 keys and queries: convolved are values, keys and queries.
    private const int Inner = 64 * 64,
        Convolved = Inner + (2 * 8 * 128),
        State = Inner * 128;

    // Nemotron 3 Nano with four layers: Mamba-2, attention, mixture, Mamba-2; and few experts.
    private static readonly TokenSchedule OneBranch = Schedule("nemotron-3-nano-30b-a3b", shape =>
        shape with
        {
            Layers = 4,
            AttentionLayers = [1],
            FeedForwardLayers = [2],
            Experts = 8,
            VocabularySize = 1024,
        }
    );

    [Test]
    public void A_layer_is_one_branch_alone()
    {
        (string Phase, int[] Layers)[] where =
        [
            ("recurrence", [0, 3]),
            ("scores", [1]),
            ("gate_up", [2]),
            ("expert_choice", [2]),
            ("state_key_norm", []),
            ("state_output_norm", [0, 3]),
        ];
        Assert.Multiple(() =>
        {
            foreach (var (phase, layers) in where)
                Assert.That(
                    OneBranch.Stages.Where(s => s.Phases.Any(p => p.Name == phase)).Select(s => s.Layer),
                    Is.EqualTo(layers),
                    phase
                );
        });
    }

    [Test]
    public void A_scan_takes_three_operations_for_an_element_and_one_for_what_passes_the_state_by()
    {
        var phases = OneBranch.Stages.Single(s => s.Layer == 0).Phases;
        var turn = phases.Single(p => p.Name == "recurrence");
        Assert.Multiple(() =>
        {
            Assert.That(phases.Single(p => p.Name == "state").Demands.Single().Items, Is.EqualTo(4.0 * Convolved * 32));
            Assert.That(turn.Demands.Select(d => d.Items), Is.EqualTo((double[])[(3.0 * State) + Inner, 2.0 * State * 32]));
        });
    }

    [Test]
    public void Attention_and_states_of_a_layer_add_up_before_its_feed_forward()
    {
        var schedule = Schedule("falcon-h1-7b", shape => shape with { Layers = 2, VocabularySize = 1024 });
        string[] order = ["scores", "attention_output", "state_input", "recurrence", "state_output", "gate_up"];
        Assert.Multiple(() =>
        {
            for (var layer = 0; layer < 2; layer++)
                Assert.That(
                    schedule.Stages.Single(s => s.Layer == layer).Phases.Select(p => p.Name).Where(order.Contains),
                    Is.EqualTo(order)
                );
        });
    }

    [Test]
    public void Experts_without_a_gate_have_two_matrices_and_one_of_Mamba_gives_everything()
    {
        var plan = Place("nemotron-3-nano-30b-a3b", shape =>
            shape with
            {
                Layers = 3,
                AttentionLayers = [1],
                FeedForwardLayers = [2],
                Experts = 8,
                VocabularySize = 1024,
            }
        );
        Assert.Multiple(() =>
        {
            Assert.That(
                plan.Matrices.Where(m => m.Layer == 0).Select(m => $"{m.Role} {m.Inputs} {m.Outputs}"),
                Is.EqualTo((string[])[$"StateInput 2688 {Convolved + Inner + 64}", $"StateOutput {Inner} 2688"])
            );
            Assert.That(
                plan.Matrices.Where(m => m.Layer == 2).GroupBy(m => m.Role).Select(g => $"{g.Count()} {g.Key}"),
                Is.EqualTo((string[])["1 Router", "8 ExpertUp", "8 ExpertDown", "1 SharedUp", "1 SharedDown"])
            );
        });
    }

    private static TokenSchedule Schedule(string model, Func<ModelShape, ModelShape> change) =>
        BuildTokenSchedule.From(Place(model, change));

    private static ChipPlan Place(string name, Func<ModelShape, ModelShape> change)
    {
        using var model = SourceModel.Of(
            change(Descriptions.Shape(name)),
            new CompileOptions { Fabric = Descriptions.Fabric("hc1"), Weights = "rom4" }
        );
        return CompilerSteps.Run<PlacedDesign>(model).Placement.Plan;
    }
}
