using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Evaluation;

[Category("Validation")]
public class CalibrationTests
{
    [Test]
    public void The_committed_factors_are_those_that_fit_the_published_figures()
    {
        var technology = ShapePlan.Technology("n6");
        var fitted = FitCalibration.Fit(ShapePlan.Hc1Llama(), technology);
        Assert.Multiple(() =>
        {
            Assert.That((double)technology.Calibration.Latency, Is.EqualTo(fitted.Latency).Within(1e-4));
            Assert.That((double)technology.Calibration.Area, Is.EqualTo(fitted.Area).Within(1e-4));
            Assert.That((double)technology.Calibration.Power, Is.EqualTo(fitted.Power).Within(1e-4));
        });
    }

    [Test]
    public void A_fit_does_not_depend_on_the_factors_it_starts_from()
    {
        var plan = ShapePlan.Hc1Llama();
        var technology = ShapePlan.Technology("n6");
        Assert.That(
            FitCalibration.Fit(plan, FitCalibration.With(technology, 1.7, 1.9, 0.6)),
            Is.EqualTo(FitCalibration.Fit(plan, technology))
        );
    }

    [Test]
    public void A_structure_that_no_factor_mends_is_refused()
    {
        var plan = ShapePlan.Hc1Llama();
        var slow = ShapePlan.Of(plan.Model, ShapePlan.Fabric("hc1", ("clock_ghz", "0.2")));
        Assert.That(
            () => FitCalibration.Fit(slow, ShapePlan.Technology("n6")),
            Throws.TypeOf<InputException>().With.Message.Contains("latency")
        );
    }

    [Test]
    public void The_hc1_lands_on_its_rate_area_and_power()
    {
        var plan = ShapePlan.Hc1Llama();
        var technology = ShapePlan.Technology("n6");
        var schedule = BuildTokenSchedule.From(plan);
        var rate = ClosedFormLatency
            .Figures(schedule, new ServiceShape(1000, 1000), plan.Fabric.ClockGhz * 1e9, technology.Calibration.Latency)
            .TokensPerSecondUser;
        var die = DieArea.Of(plan.Fabric, technology);
        var card = CardPower.At(plan.Fabric, technology, die, TokenActivity.Of(plan, schedule), schedule, 1500, rate);
        TestContext.Out.WriteLine(string.Join(" ", die.Parts.Select(p => FormattableString.Invariant($"{p.Part} {p.Mm2:0.0}"))));
        TestContext.Out.WriteLine(
            string.Join(" ", card.Parts.Select(p => FormattableString.Invariant($"{p.Part} {p.Watts:0.0}")))
                + FormattableString.Invariant($" junction {card.JunctionCelsius:0.0}")
        );
        TestContext.Out.WriteLine(
            string.Join(
                " ",
                ClosedFormLatency.CyclesByUnit(schedule, 1500).Select(p => FormattableString.Invariant($"{p.Key} {p.Value:0}"))
            )
        );
        TestContext.Out.WriteLine(FormattableString.Invariant($"transistors {die.Transistors / 1e9:0.0} G"));
        Assert.Multiple(() =>
        {
            Assert.That(rate, Is.EqualTo(16960).Within(3).Percent);
            Assert.That(die.TotalMm2, Is.EqualTo(815).Within(3).Percent);
            Assert.That(card.TotalWatts, Is.InRange(200, 250));
            // Never fitted: 53 G transistors and 65 MTr/mm².
            Assert.That(die.Transistors, Is.EqualTo(53e9).Within(10).Percent);
            Assert.That(die.MillionTransistorsPerMm2, Is.EqualTo(65.0).Within(10).Percent);
            Assert.That(DieArea.FitsReticle(die.TotalMm2, technology), Is.True);
        });
    }
}
