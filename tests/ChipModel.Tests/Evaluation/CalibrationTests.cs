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
    public void A_fit_does_not_depend_on_the_factors_it_starts_from()
    {
        var plan = ShapePlan.Hc1Llama();
        var technology = ShapePlan.Technology("n6");
        Assert.That(FitCalibration.Fit(plan, FitCalibration.With(technology, 1.9, 0.6)), Is.EqualTo(FitCalibration.Fit(plan, technology)));
    }

    [TestCase(100_000, 225, "clock")]
    [TestCase(16_960, 2_250, "power")]
    public void A_structure_that_no_clock_and_no_factor_mends_is_refused(double rate, double watts, string message)
    {
        var plan = ShapePlan.Hc1Llama();
        var published = plan.Fabric.Published!;
        var wrong = plan with
        {
            Fabric = plan.Fabric with
            {
                Published = published with
                {
                    TokensPerSecondUser = published.TokensPerSecondUser with { Value = rate },
                    CardWatts = published.CardWatts with { Value = watts },
                },
            },
        };
        Assert.That(
            () => FitCalibration.Fit(wrong, ShapePlan.Technology("n6")),
            Throws.TypeOf<InputException>().With.Message.Contains(message)
        );
    }

    [Test]
    public void A_fit_meets_what_was_published_at_the_load_that_it_states()
    {
        var plan = ShapePlan.Hc1Llama();
        var published = plan.Fabric.Published!;
        var technology = ShapePlan.Technology("n6");
        var fitted = FitCalibration.Fit(plan, technology);
        var chip = EvaluationInput.Of(plan) with
        {
            Fabric = plan.Fabric with { ClockGhz = plan.Fabric.ClockGhz with { Value = fitted.ClockGhz } },
        };
        technology = FitCalibration.With(technology, fitted.Area, fitted.Power);
        var prices = EvaluationTests.Prices;
        var one = ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(1000, 1000));
        var four = ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(480, 480, 4));
        Assert.Multiple(() =>
        {
            Assert.That(one.TokensPerSecondUser, Is.EqualTo(16_960).Within(1e-6).Percent);
            Assert.That(one.DieMm2.Value, Is.EqualTo(815).Within(1e-6).Percent);
            Assert.That((double)published.CardUsers, Is.EqualTo(4));
            Assert.That(four.Watts.Value, Is.EqualTo(225).Within(0.1).Percent, "four users take turns of whole cycles");
            // No load contradicts the published server of 2.5 kW with ten cards and 25 W a card for itself.
            Assert.That(10 * (four.Watts.Value + prices.Card.ServerShareWatts), Is.EqualTo(2500).Within(1).Percent);
            Assert.That(one.Watts.Value, Is.LessThan(four.Watts.Value));
        });
    }

    [Test]
    public void The_hc1_lands_on_its_rate_area_and_power()
    {
        var plan = ShapePlan.Hc1Llama();
        var technology = ShapePlan.Technology("n6");
        var schedule = BuildTokenSchedule.From(plan);
        var rate = ClosedFormLatency
            .Figures(schedule, new ServiceShape(1000, 1000), plan.Fabric.Clock, technology.Calibration.Latency)
            .TokensPerSecondUser;
        var die = DieArea.Of(plan.Fabric, technology);
        var card = CardPower.At(plan.Fabric, technology, die, TokenActivity.Of(plan, schedule), schedule, 1500, rate);
        TestContext.Out.WriteLine(string.Join(" ", die.Parts.Select(p => FormattableString.Invariant($"{p.Part} {p.Area.Value:0.0}"))));
        TestContext.Out.WriteLine(
            string.Join(" ", card.Parts.Select(p => FormattableString.Invariant($"{p.Part} {p.Power.Value:0.0}")))
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
            Assert.That(die.TotalMm2.Value, Is.EqualTo(815).Within(3).Percent);
            // One user; the published 200 to 250 W are taken at four.
            Assert.That(card.TotalWatts.Value, Is.InRange(90, 140));
            // Never fitted: 53 G transistors and 65 MTr/mm².
            Assert.That(die.Transistors, Is.EqualTo(53e9).Within(10).Percent);
            Assert.That(die.MillionTransistorsPerMm2, Is.EqualTo(65.0).Within(10).Percent);
            Assert.That(DieArea.FitsReticle(die.TotalMm2.Value, technology), Is.True);
        });
    }
}
