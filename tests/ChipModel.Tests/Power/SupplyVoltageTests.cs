using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Tests.Evaluation;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Power;

/// <summary>Clock, supply voltage, energy and leakage hang together.</summary>
[Category("Physics")]
public class SupplyVoltageTests
{
    private static readonly SupplyConstants N6 = ShapePlan.Technology("n6").Supply;

    [TestCase(0.825, 1.696, 1.060, 2.038, TestName = "GTX 1080, 16 nm")]
    [TestCase(0.850, 1.605, 1.050, 1.920, TestName = "GTX 1660 Ti, 12 nm")]
    public void The_law_has_the_slope_of_measured_chips(double volts, double ghz, double higherVolts, double higherGhz)
    {
        var slope = SupplyVoltage.ClockGhz(N6, higherVolts) / SupplyVoltage.ClockGhz(N6, volts);
        Assert.That(slope, Is.EqualTo(higherGhz / ghz).Within(3).Percent);
    }

    [Test]
    public void The_clock_at_a_voltage_follows_the_alpha_power_law()
    {
        // 1.43 GHz × ((0.9 − 0.3) / (0.75 − 0.3))^1.25 × 0.75 / 0.9
        Assert.That(SupplyVoltage.ClockGhz(N6, 0.9), Is.EqualTo(1.43 * Math.Pow(0.6 / 0.45, 1.25) * 0.75 / 0.9).Within(1e-12));
        Assert.That(SupplyVoltage.ClockGhz(N6, 0.75), Is.EqualTo(1.43).Within(1e-12));
        Assert.That(SupplyVoltage.ClockGhz(N6, 0.2), Is.Zero);
    }

    [Test]
    public void A_voltage_found_for_a_clock_gives_that_clock()
    {
        foreach (var name in new[] { "n3", "n5", "n6", "n7", "n12", "n16", "asap7", "sky130" })
        {
            var supply = ShapePlan.Technology(name).Supply;
            var (low, high) = (SupplyVoltage.ClockGhz(supply, supply.MinimumVolts), SupplyVoltage.MaximumClockGhz(supply));
            Gen.Double[low, high]
                .Sample(
                    clock => Math.Abs(SupplyVoltage.ClockGhz(supply, SupplyVoltage.VoltsFor(supply, clock)) - clock) < 1e-9 * clock,
                    iter: 200
                );
            Assert.That(SupplyVoltage.VoltsFor(supply, low / 10), Is.EqualTo((double)supply.MinimumVolts), name);
        }
    }

    [Test]
    public void A_faster_clock_costs_more_energy_per_token_above_the_lowest_voltage()
    {
        var technology = ShapePlan.Technology("n6");
        var floor = SupplyVoltage.ClockGhz(N6, N6.MinimumVolts);
        double Joules(double clock)
        {
            var chip = EvaluationInput.Of(
                ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("clock_ghz", FormattableString.Invariant($"{clock}"))))
            );
            return ChipEvaluation.Evaluate(chip, technology, EvaluationTests.Prices, new ServiceShape(1000, 1000)).JoulesPerToken.Value;
        }

        Assert.Multiple(() =>
        {
            Assert.That(Joules(1.2), Is.GreaterThan(Joules(1.0)));
            Assert.That(Joules(1.5), Is.GreaterThan(Joules(1.2)));
            // Below it the voltage cannot fall: a slower token pays longer for leakage.
            Assert.That(Joules(0.5 * floor), Is.GreaterThan(Joules(0.9 * floor)));
        });
    }

    [Test]
    public void Switching_grows_with_the_square_and_leakage_faster_than_the_voltage()
    {
        Assert.Multiple(() =>
        {
            Assert.That(SupplyVoltage.EnergyFactor(N6, 0.9), Is.EqualTo(1.44).Within(1e-12));
            Assert.That(SupplyVoltage.LeakageFactor(N6, 0.75), Is.EqualTo(1).Within(1e-12));
            Assert.That(SupplyVoltage.LeakageFactor(N6, 0.9), Is.EqualTo(1.2 * Math.Exp(0.9 * 0.15)).Within(1e-12));
        });
    }

    [Test]
    public void A_supply_outside_the_process_or_too_low_for_the_clock_is_refused()
    {
        var technology = ShapePlan.Technology("n6");
        var fabric = ShapePlan.Fabric("hc1");
        FabricSpec At(double volts) => fabric with { SupplyVolts = Constant.Exact(volts, "V", "test") };
        Assert.Multiple(() =>
        {
            Assert.That(
                () => SupplyVoltage.Check(At(1.3), technology),
                Throws.TypeOf<InputException>().With.Message.Contains("supply_volts 1.3")
            );
            Assert.That(
                () => SupplyVoltage.Check(At(0.6), technology),
                Throws.TypeOf<InputException>().With.Message.Contains("clock_ghz 1.28")
            );
            Assert.That(() => SupplyVoltage.Check(At(0.9), technology), Throws.Nothing);
            Assert.That(SupplyVoltage.Of(At(0.9), technology), Is.EqualTo(0.9));
        });
    }
}
