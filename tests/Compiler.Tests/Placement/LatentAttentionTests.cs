using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tests.Steps;

namespace TaalasSim.Compiler.Tests.Placement;

/// <summary>Latent attention on the chip: each head has its two matrices, they run where the graph has them, and one narrow vector is
/// kept.</summary>
[Category("Timing")]
public sealed class LatentAttentionTests
{
    // DeepSeek-V2-Lite, with two layers: 16 heads of 128 + 64, values of 128, a latent vector of 512.
    private const int Heads = 16,
        Plain = 128,
        Rope = 64,
        Value = 128,
        Rank = 512;

    private static readonly ModelShape Shape = Descriptions.Shape("deepseek-v2-lite") with { Layers = 2, VocabularySize = 1024 };

    private static readonly PlacedModel Placed = Place();

    [Test]
    public void Each_head_has_a_matrix_for_its_keys_and_one_for_its_values() =>
        Assert.Multiple(() =>
        {
            var ports = Placed.Plan.Matrices.Where(p => p.Layer == 1).ToLookup(p => p.Role);
            Assert.That(
                ports[MatrixRole.LatentKey].Select(p => (p.Inputs, p.Outputs)),
                Is.EqualTo(Enumerable.Repeat((Plain, Rank), Heads))
            );
            Assert.That(
                ports[MatrixRole.LatentValue].Select(p => (p.Inputs, p.Outputs)),
                Is.EqualTo(Enumerable.Repeat((Rank, Value), Heads))
            );
            Assert.That(ports[MatrixRole.LatentKey].Select(p => p.Name).Distinct().Count(), Is.EqualTo(Heads));
        });

    [Test]
    public void The_products_of_the_heads_stand_before_and_after_the_kept_vectors()
    {
        string[] order =
        [
            "query_key_value_collect",
            "absorbed_key",
            "absorbed_key_collect",
            "kv_write",
            "scores",
            "softmax",
            "values",
            "expanded_value",
            "expanded_value_collect",
            "attention_output",
        ];
        Assert.That(Phases().Select(p => p.Name).Where(order.Contains), Is.EqualTo(order));
    }

    [Test]
    public void Each_head_has_an_input_of_its_own_and_heads_run_side_by_side()
    {
        var fabric = Placed.Plan.Fabric;
        var (activation, sum) = (fabric.Numerics.ActivationBits, fabric.Network.PartialSumBits);
        Assert.Multiple(() =>
        {
            Assert.That(Items("absorbed_key", FabricUnit.Bank), Is.EqualTo(Enumerable.Repeat((double)Cycles(Plain), Heads)));
            Assert.That(Items("absorbed_key", FabricUnit.Network), Is.EqualTo((double[])[Heads * Plain * activation]));
            Assert.That(Items("absorbed_key_collect", FabricUnit.Network), Is.EqualTo((double[])[Heads * Rank * sum]));
            Assert.That(Items("expanded_value", FabricUnit.Network), Is.EqualTo((double[])[Heads * Rank * activation]));
            Assert.That(Items("expanded_value_collect", FabricUnit.Network), Is.EqualTo((double[])[Heads * Value * sum]));
            Assert.That(Items("absorbed_key_quantise", FabricUnit.Vector), Is.EqualTo((double[])[Heads * Plain]));
        });

        // Cycles of one row block in a bank of the fabric.
        int Cycles(int rows) => (int)fabric.Bank.PassCycles(rows, activation);
    }

    [Test]
    public void One_vector_is_kept_for_all_heads_and_read_by_them_together()
    {
        var fabric = Placed.Plan.Fabric;
        var bits = fabric.Numerics.KvBits;
        var passes = Math.Ceiling((double)Heads / fabric.KvSram.QueriesPerPort);
        Assert.Multiple(() =>
        {
            Assert.That(Items("kv_write", FabricUnit.KvSram), Is.EqualTo((double[])[(Rank + Rope) * bits]));
            Assert.That(PerPosition("scores"), Is.EqualTo((Rank + Rope) * bits * passes));
            Assert.That(PerPosition("values"), Is.EqualTo(Rank * bits * passes));
            Assert.That(CheckFit.KvBytesPerToken(Shape, bits), Is.EqualTo(2 * (Rank + Rope) * bits / 8.0));
        });

        double PerPosition(string name) => Phases().Single(p => p.Name == name).Demands.Single().ItemsPerPosition;
    }

    private static IEnumerable<double> Items(string phase, FabricUnit unit) =>
        Phases().Single(p => p.Name == phase).Demands.Where(d => d.Resource.Unit == unit).Select(d => d.Items);

    private static IReadOnlyList<Phase> Phases() => BuildTokenSchedule.From(Placed.Plan).Stages.Single(s => s.Layer == 1).Phases;

    private static PlacedModel Place()
    {
        using var model = SourceModel.Of(Shape, new CompileOptions { Fabric = Descriptions.Fabric("hc1"), Weights = "rom4" });
        return CompilerSteps.Run<PlacedDesign>(model).Placement;
    }
}
