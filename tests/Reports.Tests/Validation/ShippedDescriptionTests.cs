using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

/// <summary>Everything in chips/ goes with everything else, or is refused in one line: no pair ends in a fault of the program.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class ShippedDescriptionTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    // Shapes with many experts have tens of thousands of matrices, and the largest fill thousands of dies; three fabrics tell as much about
    // them as all.
    private static readonly string[] FewFabrics = ["hc1", "adder-network", "demo"];

    private static IEnumerable<string> Models => Library.Names("models");

    [TestCaseSource(nameof(Models))]
    public void Every_shape_on_every_fabric_has_sound_figures_or_is_refused_in_one_line(string model)
    {
        var shape = Library.Shape(model);
        Assert.Multiple(() =>
        {
            foreach (var name in IsLarge(shape) && !Shared.All ? FewFabrics : Library.Names("fabrics"))
            {
                var fabric = Library.Fabric(name);
                try
                {
                    var plan = DesignLibrary.Plan(shape, fabric, fabric.DefaultWeights);
                    var figures = ChipEvaluation.Evaluate(
                        EvaluationInput.Of(plan),
                        Library.Technology(fabric.Technology),
                        Library.Prices(),
                        new ServiceShape(128, 128)
                    );
                    foreach (var figure in FigureCatalog.All)
                        Assert.That(
                            FigureCheck.IsSound(figure, figure.Read(figures)),
                            $"{model} on {name}: {figure.Key} {figure.Read(figures)}"
                        );
                }
                catch (InputException e)
                {
                    Assert.That(e.Message, Does.Not.Contain("\n").And.Length.LessThan(600), name);
                }
            }
        });
    }

    private static bool IsLarge(ModelShape shape) =>
        shape.Experts * shape.Layers > 2000 || 3.0 * shape.Layers * shape.EmbeddingLength * shape.FeedForwardLength > 40e9;

    [TestCaseSource(nameof(Models))]
    public void Every_shape_on_every_gpu_has_sound_speeds_or_is_refused_in_one_line(string model)
    {
        var shape = Library.Shape(model);
        Assert.Multiple(() =>
        {
            foreach (var card in Library.Gpus.Cards)
            {
                try
                {
                    var service = new GpuService
                    {
                        WeightFormat = "int4",
                        KvFormat = "bf16",
                        TensorParallel = 8,
                        InputTokens = 128,
                        OutputTokens = 128,
                    };
                    var view = GpuReference.Evaluate(card, Library.Gpus.Engine("vllm"), shape, service, Library.Gpus.Calibration);
                    foreach (
                        var range in new[]
                        {
                            view.TokensPerSecondUser,
                            view.TokensPerSecondTotal,
                            view.TimeToFirstTokenSeconds,
                            view.Watts,
                            view.JoulesPerToken,
                            view.UsdPerMillionTokens,
                        }
                    )
                        Assert.That(
                            range.Low > 0 && range.Low <= range.Value && range.Value <= range.High && double.IsFinite(range.High),
                            $"{model} on {card.Name}: {range}"
                        );
                }
                catch (InputException e)
                {
                    Assert.That(e.Message, Does.Not.Contain("\n").And.Length.LessThan(600), card.Name);
                }
            }
        });
    }
}
