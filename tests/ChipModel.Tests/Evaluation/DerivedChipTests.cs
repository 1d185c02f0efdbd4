using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Evaluation;

/// <summary>Chips derived from the published one: predicted, never fitted again on what was published of another chip.</summary>
[Category("Physics")]
public class DerivedChipTests
{
    private static readonly ServiceShape Service = new(1000, 1000);

    private static readonly Lazy<EvaluationInput> Hc1 = new(() => EvaluationInput.Of(ShapePlan.Hc1Llama()));

    private static EvaluationInput Derived(params (string Key, string Value)[] overrides) =>
        EvaluationInput.Of(ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", overrides)));

    private static ChipUncertainty Study(EvaluationInput chip, ServiceShape service) =>
        new(chip, ShapePlan.Technology("n6"), EvaluationTests.Prices, service, Hc1.Value);

    [Test]
    public void A_fabric_with_a_base_inherits_nothing_that_was_published()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "faster.yaml");
        File.WriteAllText(file, "base: hc1\nname: hc1\nclock_ghz: { value: 1.5, low: 1.4, high: 1.6, source: \"test\" }\n");
        Assert.Multiple(() =>
        {
            Assert.That(FabricFile.Read(file, library: Shared.InRepo("chips/fabrics")).Published, Is.Null);
            Assert.That(ShapePlan.Fabric("hc1", ("clock_ghz", "1.5")).Published, Is.Null);
            Assert.That(ShapePlan.Fabric("hc1").Published, Is.Not.Null);
        });
    }

    [Test]
    public void Another_clock_moves_speed_and_interval_alike()
    {
        var hc1 = Study(Hc1.Value, Service).Run(200)[FigureCatalog.TokensPerSecondUser];
        var fast = Study(Derived(("clock_ghz", "1.5")), Service).Run(200)[FigureCatalog.TokensPerSecondUser];
        var ratio = 1.5 / Hc1.Value.Fabric.ClockGhz;
        Assert.Multiple(() =>
        {
            Assert.That(fast.Interval.Value, Is.EqualTo(hc1.Interval.Value * ratio).Within(1e-6).Percent);
            // A clock that is given is exact; what is left is how many of the structural cycles a real chip takes, 0.83 to 1.1.
            Assert.That(fast.Interval.Low, Is.EqualTo(fast.Interval.Value / 1.1).Within(2).Percent);
            Assert.That(fast.Interval.High, Is.EqualTo(fast.Interval.Value / 0.83).Within(2).Percent);
        });
    }

    [Test]
    public void Only_figures_of_the_published_chip_at_the_published_service_are_calibrated()
    {
        var load = new ServiceShape(480, 480, 4);
        Assert.Multiple(() =>
        {
            Assert.That(Basis(Hc1.Value, Service, FigureCatalog.TokensPerSecondUser), Is.EqualTo(FigureBasis.Calibrated));
            Assert.That(Basis(Hc1.Value, Service, FigureCatalog.DieMm2), Is.EqualTo(FigureBasis.Calibrated));
            Assert.That(Basis(Hc1.Value, load, FigureCatalog.Watts), Is.EqualTo(FigureBasis.Calibrated));
            Assert.That(Basis(Hc1.Value, Service, FigureCatalog.Watts), Is.EqualTo(FigureBasis.Predicted), "its load is another");
            Assert.That(Basis(Hc1.Value, load, FigureCatalog.TokensPerSecondUser), Is.EqualTo(FigureBasis.Predicted));
            Assert.That(
                Basis(Derived(("clock_ghz", "1.5")), Service, FigureCatalog.TokensPerSecondUser),
                Is.EqualTo(FigureBasis.Predicted)
            );
            Assert.That(Basis(Derived(("kv_sram.capacity_mb", "200")), Service, FigureCatalog.DieMm2), Is.EqualTo(FigureBasis.Predicted));
        });

        static FigureBasis Basis(EvaluationInput chip, ServiceShape service, FigureDefinition figure) =>
            Study(chip, service).BasisOf(figure);
    }

    [Test]
    public void Constants_that_cannot_move_a_figure_are_not_listed()
    {
        var study = Study(Hc1.Value, Service);
        var speed = study.Explain(FigureCatalog.TokensPerSecondUser).Constants.Select(c => c.Path);
        var watts = study.Explain(FigureCatalog.Watts).Constants;
        Assert.Multiple(() =>
        {
            // Fitted in every draw: whatever the clock and the factors are, the published rate comes out.
            Assert.That(speed, Is.EquivalentTo(new[] { "fabric.published.tokens_per_second_user" }));
            Assert.That(watts.Select(c => c.Path), Does.Contain("fabric.published.card_users").And.Contain("fabric.published.card_watts"));
            Assert.That(watts.Select(c => c.Path), Has.None.EqualTo("technology.calibration.power"));
            foreach (var c in watts)
                Assert.That(c.Swing, Is.GreaterThan(1e-6 * c.AtHigh), c.Path);
        });
    }

    [TestCase("hc1", 1)]
    [TestCase("hc1-hbm", 1)]
    [TestCase("hc1-ternary", 1)]
    public void A_constant_at_its_own_value_gives_the_headline(string name, int users)
    {
        var fabric = ShapePlan.Fabric(name);
        var chip = EvaluationInput.Of(ShapePlan.Of(ShapePlan.Llama8B, fabric));
        // The committed factors are fitted on the compiler's placement, so the anchor of this test fits its own.
        var fitted = FitCalibration.Fit(Hc1.Value, ShapePlan.Technology("n6"));
        var technology = FitCalibration.With(ShapePlan.Technology("n6"), fitted.Area, fitted.Power);
        chip = chip with { Fabric = fabric with { ClockGhz = fabric.ClockGhz with { Value = fitted.ClockGhz } } };
        var anchor = Hc1.Value with
        {
            Fabric = Hc1.Value.Fabric with { ClockGhz = Hc1.Value.Fabric.ClockGhz with { Value = fitted.ClockGhz } },
        };
        var study = new ChipUncertainty(chip, technology, EvaluationTests.Prices, Service with { Users = users }, anchor);
        var best = ChipEvaluation.Evaluate(chip, technology, EvaluationTests.Prices, Service with { Users = users });
        var intervals = study.Run(60, withTornado: false);
        Assert.Multiple(() =>
        {
            foreach (var figure in FigureCatalog.All)
            {
                var value = figure.Read(best);
                Assert.That(intervals[figure].Interval.Value, Is.EqualTo(value), figure.Key);
                Assert.That(value, Is.InRange(intervals[figure].Interval.Low, intervals[figure].Interval.High), figure.Key);
                Assert.That(study.At(figure, new Dictionary<string, double>()), Is.EqualTo(value).Within(1e-6).Percent, figure.Key);
            }
        });
    }

    [Test]
    public void A_clock_above_the_process_is_refused()
    {
        Assert.That(
            () => Study(Derived(("clock_ghz", "3")), Service),
            Throws.TypeOf<InputException>().With.Message.Contains("clock_ghz 3 is above").And.Message.Contains("n6")
        );
    }
}
