using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>A sweep's short cuts against the way of <c>compare</c>: every description bound from its file, every chip placed
/// anew.</summary>
[TestFixture]
[Category("Physics")]
public sealed class EvaluateDesignTests
{
    private const string Hc1 = """
        name: t
        model: llama-3.2-1b
        fabric: hc1
        service: { input_tokens: 300, output_tokens: 100, users: 1 }
        vary:
        """;

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    // Sizes, constants, formats, process and service; among them values that no chip can have, and more users than fit.
    [TestCase(
        "  - { field: fabric.vector.lanes, values: [8192, 7] }\n"
            + "  - { field: fabric.clock_ghz, values: [0.8, 40] }\n"
            + "  - { field: service.users, values: [1, 3, 500] }",
        20
    )]
    [TestCase(
        "  - { field: weights, values: [rom3, rom2] }\n"
            + "  - { field: technology.wafer.defects_per_cm2, values: [0.05, 0.2, -1] }\n"
            + "  - { field: service.input_tokens, values: [100, 900] }",
        20
    )]
    [TestCase(
        "  - { field: technology.energy.sram_pj_per_bit, values: [0.1] }\n"
            + "  - { field: fabric.card.overhead_watts, range: { from: 5, to: 20, steps: 3 } }\n"
            + "  - { field: fabric.numerics.kv_bits, values: [8, 4] }\n"
            + "  - { field: service.users, values: [1, 4] }",
        0
    )]
    [TestCase("  - { field: fabric.technology, values: [n6, n5] }\n  - { field: service.output_tokens, values: [10, 300] }", 20)]
    public void Figures_are_those_of_a_point_alone(string vary, int draws)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Hc1 + "\n" + vary + "\n");
        var spec = SweepFile.Read(path);
        using var evaluate = new EvaluateDesign(Library, spec, path, draws);
        var points = Enumerable.Range(0, SweepGrid.Count(spec)).Select(i => SweepGrid.Point(spec, i)).ToArray();
        var evaluated = 0;
        Assert.Multiple(() =>
        {
            // Backwards, so that what is shared comes from other points than in a sweep.
            foreach (var point in points.Reverse())
            {
                var expected = Alone(point, draws);
                SweepFigures? figures = null;
                try
                {
                    figures = evaluate.Evaluate(point);
                }
                catch (InputException) { }

                Assert.That(figures is null, Is.EqualTo(expected is null), $"{point.Index}: refused");
                if (figures is not { DoesNotFit: null } || expected is null)
                    continue;
                evaluated++;
                Assert.That(figures.IsBestEstimate, Is.EqualTo(draws == 0));
                foreach (var (figure, range) in Ranges(figures))
                {
                    Same(range.Value, expected[figure].Value, $"{point.Index}: {figure.Key}");
                    Same(range.Low, expected[figure].Low, $"{point.Index}: {figure.Key}, low");
                    Same(range.High, expected[figure].High, $"{point.Index}: {figure.Key}, high");
                }
            }
        });
        Assert.That(evaluated, Is.GreaterThan(1));
    }

    [TestCase(1)]
    [TestCase(19)]
    [TestCase(-1)]
    public void Too_few_draws_are_refused(int draws)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Hc1 + "\n  - { field: service.users, values: [1] }\n");
        Assert.That(
            () => new EvaluateDesign(Library, SweepFile.Read(path), path, draws),
            Throws.TypeOf<InputException>().With.Message.Contains("draws make no interval")
        );
    }

    [Test]
    public void Large_sweeps_draw_nothing_by_themselves() =>
        Assert.That(new[] { 1, 10_000, 10_001 }.Select(DefaultDraws.For), Is.EqualTo(new[] { 60, 60, 0 }));

    private static IEnumerable<(FigureDefinition Figure, UncertaintyRange Range)> Ranges(SweepFigures figures) =>
        [
            (FigureCatalog.TokensPerSecondUser, figures.TokensPerSecondUser!.Value),
            (FigureCatalog.TokensPerSecondTotal, figures.TokensPerSecondTotal!.Value),
            (FigureCatalog.TimeToFirstTokenUs, figures.TimeToFirstTokenUs!.Value),
            (FigureCatalog.Watts, figures.Watts!.Value),
            (FigureCatalog.JoulesPerToken, figures.JoulesPerToken!.Value),
            (FigureCatalog.DieMm2, figures.AreaMm2!.Value),
            (FigureCatalog.UsdPerMillionTokens, figures.UsdPerMillionTokens!.Value),
        ];

    private static void Same(double value, double expected, string what) =>
        Assert.That(value, Is.EqualTo(expected).Within(1e-12 * Math.Abs(expected)), what);

    // Null when the point is refused.
    private static Dictionary<FigureDefinition, UncertaintyRange>? Alone(DesignPoint point, int draws)
    {
        try
        {
            var fabric = Library.Fabric(point.Spec.Fabric, point.FabricOverrides);
            var technology = Library.Technology(fabric.Technology, point.TechnologyOverrides);
            var weights = point.Weights.Length > 0 ? point.Weights : fabric.DefaultWeights;
            var chip = EvaluationInput.Of(DesignLibrary.Plan(Library.Shape(point.Spec.Model), fabric, weights));
            var asked = point.Service;
            var service = new ServiceShape(asked.InputTokens, asked.OutputTokens, asked.Users);
            if (draws == 0)
            {
                var best = ChipEvaluation.Evaluate(chip, technology, Library.Prices(), service);
                ChipModel.Power.SupplyVoltage.Check(fabric, technology);
                return FigureCatalog.All.ToDictionary(f => f, f => UncertaintyRange.Exact(f.Read(best)));
            }

            var anchor = point.TechnologyOverrides.Count == 0 ? Library.Anchor(fabric.Technology) : null;
            var study = new ChipUncertainty(chip, technology, Library.Prices(), service, anchor).Run(draws, 1, withTornado: false);
            return FigureCatalog.All.ToDictionary(f => f, f => study[f].Interval);
        }
        catch (InputException)
        {
            return null;
        }
    }
}
