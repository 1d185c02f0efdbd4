using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tests.Steps;

namespace TaalasSim.Compiler.Tests.Placement;

/// <summary>Heads by window, keys and values of other layers, embeddings of layers, mixtures beside dense layers.</summary>
[Category("Timing")]
public sealed class LayersThatDifferTests
{
    private const int Vocabulary = 1024;

    // Gemma 4 E2B with six layers, every third of which sees everything; the last three read keys of the two before them.
    private static readonly ChipPlan Small = Place("gemma-4-e2b", shape =>
        shape with
        {
            Layers = 6,
            SlidingWindowPeriod = 3,
            SharedKvLayers = 3,
            VocabularySize = Vocabulary,
            FeedForwardLengths = [6144, 6144, 6144, 12288, 12288, 12288],
        }
    );

    private static readonly TokenSchedule Schedule = BuildTokenSchedule.From(Small);

    [Test]
    public void Reads_of_keys_are_those_of_the_layers_window_and_shared_ones_write_none()
    {
        Assert.Multiple(() =>
        {
            for (var layer = 0; layer < 6; layer++)
            {
                var full = layer % 3 == 2;
                var (size, phases) = (full ? 512 : 256, Phases(layer));
                var scores = phases.Single(p => p.Name == "scores").Demands.Single();
                // Eight queries meet a key; a port serves some of them at once.
                var passes = Math.Ceiling(8.0 / Small.Fabric.KvSram.QueriesPerPort);
                Assert.That(scores.ItemsPerPosition, Is.EqualTo(size * passes * Small.Fabric.Numerics.KvBits), $"layer {layer}");
                Assert.That(scores.Window, Is.EqualTo(full ? 0 : 512));
                var written = phases.Where(p => p.Name == "kv_write").Sum(p => p.Demands.Single().Items);
                Assert.That(written, Is.EqualTo(layer < 3 ? 2.0 * size * Small.Fabric.Numerics.KvBits : 0), $"layer {layer}");
                Assert.That(
                    phases.Single(p => p.Name == "rotary").Demands.Single().Items,
                    Is.EqualTo((layer < 3 ? 9 : 8) * size),
                    $"layer {layer}"
                );
            }
        });
    }

    [Test]
    public void Keys_and_values_are_counted_once_in_fit_and_evaluation()
    {
        var perToken = (2 * 2 * 256) + (2 * 512);
        var input = EvaluationInput.Of(Small);
        var bits = Small.Fabric.Numerics.KvBits;
        Assert.Multiple(() =>
        {
            Assert.That(CheckFit.KvBytesPerToken(Small.Model, 8), Is.EqualTo(perToken));
            Assert.That(input.KvBytes(400), Is.EqualTo(400.0 * perToken * bits / 8));
            // Windowed layers hold their window.
            Assert.That(input.KvBytes(1000), Is.EqualTo(((1000.0 * 1024) + (512 * 1024)) * bits / 8));
        });
    }

    [Test]
    public void An_embedding_of_layers_is_read_by_the_token_and_its_vectors_travel_on()
    {
        var embedding = Schedule.Stages[0].Phases;
        var table = Small.Matrices.Single(m => m.Role == MatrixRole.LayerEmbedding);
        var read = embedding.Single(p => p.Name == "layer_embedding").Demands.Single();
        var residual = Small.Fabric.Numerics.VectorBits;
        Assert.Multiple(() =>
        {
            Assert.That((table.Inputs, table.Outputs), Is.EqualTo((6 * 256, Vocabulary)));
            Assert.That(read.Items, Is.EqualTo(table.RowsPerPass));
            Assert.That(
                embedding.Select(p => p.Name).Where(n => n.StartsWith("layer_", StringComparison.Ordinal)),
                Is.EqualTo(
                    (string[])
                        [
                            "layer_embedding",
                            "layer_embedding_scale",
                            "layer_inputs_quantise",
                            "layer_inputs",
                            "layer_inputs_collect",
                            "layer_inputs_norm",
                            "layer_inputs_add",
                        ]
                )
            );
            for (var layer = 0; layer < 6; layer++)
            {
                Assert.That(Phases(layer).Count(p => p.Name == "layer_input"), Is.EqualTo(1), $"layer {layer}");
                Assert.That(
                    Phases(layer).Single(p => p.Name == "layer_input_activation").Demands.Single().Items,
                    Is.EqualTo(256),
                    $"layer {layer}"
                );
                if (Phases(layer).SingleOrDefault(p => p.Name is "forward" or "die_link") is { } forward)
                    Assert.That(forward.Demands[0].Items, Is.EqualTo((1536 + ((5 - layer) * 256)) * residual), $"layer {layer}");
            }

            // Read, not multiplied: the bits of one column of its banks.
            var without = Small with { Matrices = [.. Small.Matrices.Where(m => m.Id != table.Id).Select((m, i) => m with { Id = i })] };
            var (all, rest) = (TokenActivity.Of(Small, Schedule), TokenActivity.Of(without, BuildTokenSchedule.From(without)));
            Assert.That(all.ColumnOperations, Is.EqualTo(rest.ColumnOperations));
            Assert.That(all.RowReads - rest.RowReads, Is.EqualTo((double)table.InputSegments * table.RowsPerPass));
        });
    }

    [Test]
    public void Matrices_are_those_of_each_layer()
    {
        (MatrixRole Role, int Layer, int Inputs, int Outputs)[] some =
        [
            (MatrixRole.Query, 0, 1536, 8 * 256),
            (MatrixRole.Query, 2, 1536, 8 * 512),
            (MatrixRole.Key, 1, 1536, 256),
            (MatrixRole.Value, 2, 1536, 512),
            (MatrixRole.AttentionOutput, 5, 8 * 512, 1536),
            (MatrixRole.Up, 2, 1536, 6144),
            (MatrixRole.Up, 3, 1536, 12288),
            (MatrixRole.LayerInputGate, 4, 1536, 256),
            (MatrixRole.LayerInputOutput, 4, 256, 1536),
        ];
        Assert.Multiple(() =>
        {
            foreach (var (role, layer, inputs, outputs) in some)
            {
                var matrix = Small.Matrices.Single(m => m.Role == role && m.Layer == layer);
                Assert.That((matrix.Inputs, matrix.Outputs), Is.EqualTo((inputs, outputs)), $"{role} of layer {layer}");
            }

            Assert.That(Small.Matrices.Where(m => m.Role is MatrixRole.Key).Select(m => m.Layer), Is.EqualTo((int[])[0, 1, 2]));
        });
    }

    [Test]
    public void A_mixture_stands_beside_a_dense_layer_with_norms_of_its_own()
    {
        var plan = Place("gemma-4-26b-a4b", shape =>
            shape with
            {
                Layers = 2,
                SlidingWindowPeriod = 2,
                Experts = 8,
                ExpertsUsed = 2,
                VocabularySize = Vocabulary,
            }
        );
        var phases = BuildTokenSchedule.From(plan).Stages.Single(s => s.Layer == 1).Phases;
        string[] order = ["feed_forward_norm", "mixture_norms", "router", "gate_up", "down", "branch_norms", "feed_forward_post_norm"];
        var group = plan.Matrices.Single(m => m is { Role: MatrixRole.SharedUp, Layer: 1 });
        Assert.Multiple(() =>
        {
            Assert.That(phases.Select(p => p.Name).Where(order.Contains), Is.EqualTo(order));
            Assert.That((group.Inputs, group.Outputs), Is.EqualTo((2816, 2112)));
            // Two of eight experts of 704 and the dense layer of 2112.
            Assert.That(phases.Single(p => p.Name == "activation").Demands.Single().Items, Is.EqualTo((2 * 704) + 2112));
            // What gives keys gives values.
            Assert.That(plan.Matrices.Count(m => m.Role == MatrixRole.Value), Is.EqualTo(1));
            Assert.That(
                TokenActivity.Of(plan, BuildTokenSchedule.From(plan)).QueriesPerRead,
                Is.EqualTo(Mean(plan, (16 / 8, 8 * 512), (16 / 2, 2 * 1024))).Within(1e-12)
            );
        });
    }

    [Test]
    public void Copies_of_the_residual_stream_are_mixed_before_a_layer_and_corrected_after_it()
    {
        const int Width = 2048;
        var plan = Place("gemma-3n-e2b", shape =>
            shape with
            {
                Layers = 3,
                SlidingWindowPeriod = 3,
                SharedKvLayers = 0,
                VocabularySize = Vocabulary,
            }
        );
        var stages = BuildTokenSchedule.From(plan).Stages;
        var phases = stages.Single(s => s.Layer == 1).Phases;
        string[] order = ["prediction", "scores", "low_rank_input", "low_rank", "down", "correction", "layer_input"];
        double Items(string name) => phases.Single(p => p.Name == name).Demands.Single().Items;
        Assert.Multiple(() =>
        {
            Assert.That(phases.Select(p => p.Name).Where(order.Contains), Is.EqualTo(order));
            // Sixteen products for an element of four streams, and a share of what was found for each.
            Assert.That((Items("prediction"), Items("correction")), Is.EqualTo((16.0 * Width, 4.0 * Width)));
            // The layer's own vector goes to three of them.
            Assert.That(Items("layer_input_residual"), Is.EqualTo(3.0 * Width));
            Assert.That(stages[0].Phases.Count(p => p.Name == "stream_projection"), Is.EqualTo(1));
            Assert.That(stages[^1].Phases.Select(p => p.Name).Take(4), Does.Contain("merge_projection"));
            Assert.That(
                plan.Matrices.Where(m => m.Role is MatrixRole.StreamRouter or MatrixRole.LowRank && m.Layer == 1)
                    .Select(m => (m.Inputs, m.Outputs)),
                Is.EquivalentTo(((int, int)[])[(Width, 4), (Width, 64), (64, Width)])
            );
            Assert.That(
                plan.Matrices.Where(m => m.Role == MatrixRole.StreamProjection).Select(m => $"{m.Name} {m.Inputs} {m.Outputs}"),
                Is.EqualTo(Enumerable.Range(0, 6).Select(i => $"altup_{(i < 3 ? "" : "unembd_")}proj.weight#{i % 3} {Width} {Width}"))
            );
            if (phases.SingleOrDefault(p => p.Name is "forward" or "die_link") is { } forward)
                Assert.That(forward.Demands[0].Items, Is.EqualTo(((4 * Width) + 256) * plan.Fabric.Numerics.VectorBits));
        });
        Assert.That(
            () => ChipRtlConfig.For(plan, BuildTokenSchedule.From(plan)),
            Throws.Exception.With.Message.Contain("alternating updates have no Verilog")
        );
    }

    [Test]
    public void Verilog_is_refused_for_what_it_is_not_written_for() =>
        Assert.That(
            () => ChipRtlConfig.For(Small, Schedule),
            Throws.Exception.With.Message.Contain("embeddings of layers have no Verilog")
        );

    // Queries that meet an element over reads of it, weighed by elements.
    private static double Mean(ChipPlan plan, params (double Queries, double Elements)[] layers) =>
        layers.Sum(l => l.Queries * l.Elements) / layers.Sum(l => Math.Ceiling(l.Queries / plan.Fabric.KvSram.QueriesPerPort) * l.Elements);

    private static IReadOnlyList<Phase> Phases(int layer) => Schedule.Stages.Single(s => s.Layer == layer).Phases;

    private static ChipPlan Place(string name, Func<ModelShape, ModelShape> change)
    {
        using var model = SourceModel.Of(
            change(Descriptions.Shape(name)),
            new CompileOptions { Fabric = Descriptions.Fabric("hc1"), Weights = "rom4" }
        );
        return CompilerSteps.Run<PlacedDesign>(model).Placement.Plan;
    }
}
