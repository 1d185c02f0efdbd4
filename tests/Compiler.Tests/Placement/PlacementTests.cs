using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Steps;
using TaalasSim.Compiler.Tests.Steps;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Placement;

/// <summary>Public models over several cards, by pipeline and tensor partition.</summary>
[TestFixture]
[Category("Compiler")]
public sealed class PlacementTests
{
    [Test]
    public void Seventy_billion_weights_fit_nine_cards_of_one_die_and_not_eight()
    {
        var hc1 = Descriptions.Fabric("hc1");
        var nine = hc1 with { Dies = 9 };
        Assert.Multiple(() =>
        {
            Assert.That(nine.Cards, Is.EqualTo(9));
            Assert.That(Place(Descriptions.Shape("llama-3.1-70b"), nine, "rom3").Fits, Is.True);
            Assert.That(Place(Descriptions.Shape("llama-3.1-70b"), hc1 with { Dies = 8 }, "rom3").Fits, Is.False);
        });
    }

    [TestCase(1, 9)]
    [TestCase(2, 10)]
    [TestCase(4, 12)]
    [TestCase(8, 16)]
    public void Every_bank_has_a_site_of_its_own_and_the_dies_of_a_group_share_each_layer(int ways, int dies)
    {
        var hc1 = Descriptions.Fabric("hc1");
        var fabric = hc1 with { Dies = dies, System = hc1.System with { TensorParallelDies = ways } };
        var placed = Place(Descriptions.Shape("llama-3.1-70b"), fabric, "rom3");
        var sites = placed.SitesOfPort.SelectMany(s => s).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(sites.Distinct().Count(), Is.EqualTo(sites.Length));
            Assert.That(sites, Is.All.InRange(0, placed.Plan.Sites - 1));
        });
        foreach (var layer in placed.Plan.Matrices.Where(p => p.Layer >= 0).GroupBy(p => p.Layer))
        {
            var groups = layer.SelectMany(p => placed.SitesOfPort[p.Id]).Select(s => s / fabric.Sites.PerDie).Distinct().Order().ToArray();
            Assert.That(groups, Has.Length.EqualTo(ways), $"layer {layer.Key}");
            Assert.That(groups[0] % ways, Is.Zero, $"layer {layer.Key}");
            Assert.That(groups[^1] - groups[0], Is.EqualTo(ways - 1), $"layer {layer.Key}");
        }
    }

    [Test]
    public void Attention_output_and_down_are_cut_along_their_inputs_and_the_rest_along_their_outputs()
    {
        var hc1 = Descriptions.Fabric("hc1");
        var fabric = hc1 with { Dies = 2, System = hc1.System with { TensorParallelDies = 2 } };
        var placed = Place(Descriptions.Shape("llama-3.1-8b"), fabric, "rom3");
        int Die(int site) => site / fabric.Sites.PerDie;
        foreach (var port in placed.Plan.Matrices.Where(p => p.Layer == 3))
        {
            var sites = placed.SitesOfPort[port.Id];
            for (var bank = 0; bank < sites.Length; bank++)
            {
                var (output, input) = (bank / port.InputSegments, bank % port.InputSegments);
                var expected =
                    port.Role is MatrixRole.AttentionOutput or MatrixRole.Down ? input * 2 / port.InputSegments
                    : port.OutputSegments > 1 ? output * 2 / port.OutputSegments
                    : 0;
                Assert.That(Die(sites[bank]), Is.EqualTo(expected), $"{port.Name} bank {bank}");
            }
        }
    }

    [Test]
    public void A_graph_has_the_weights_that_the_model_has()
    {
        foreach (var file in Directory.EnumerateFiles(Shared.InRepo("chips/models"), "*.yaml"))
        {
            var shape = Descriptions.Shape(Path.GetFileNameWithoutExtension(file));
            var weights = MatrixList.Matrices(BuildModelGraph.From(shape, ShapeTraits.Plain)).Sum(m => (double)m.Inputs * m.Outputs);
            Assert.That(weights, Is.EqualTo(new ModelTraffic(shape).Resident), shape.Name);
        }
    }

    private static PlacedModel Place(ModelShape shape, FabricSpec fabric, string weights)
    {
        using var model = SourceModel.Of(shape, new CompileOptions { Fabric = fabric, Weights = weights });
        return CompilerSteps.Run<PlacedDesign>(model).Placement;
    }
}
