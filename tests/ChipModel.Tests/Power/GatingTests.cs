using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Power;

[Category("Physics")]
public class GatingTests
{
    private static readonly FabricSpec Hc1 = ShapePlan.Fabric("hc1");

    private static readonly TechnologySpec N6 = ShapePlan.Technology("n6");

    private static readonly Lazy<EvaluationInput> Chip = new(() => EvaluationInput.Of(ShapePlan.Hc1Llama()));

    private static Constant Share(double value) => Constant.Exact(value, "fraction", "test");

    private static RegionGating Region(double duty, double retained, double? clock = null) =>
        new()
        {
            PowerDuty = Share(duty),
            RetainedLeakage = Share(retained),
            ClockDuty = clock is { } share ? Share(share) : null,
        };

    private static double Leakage(GatingSpec? gating) =>
        CardPower.LeakageWatts(Hc1 with { Gating = gating }, N6, DieArea.Of(Hc1, N6), N6.Leakage.ReferenceCelsius);

    private static PowerBreakdown Idle(GatingSpec? gating) =>
        CardPower.At(Hc1 with { Gating = gating }, N6, DieArea.Of(Hc1, N6), Chip.Value.Activity, Chip.Value.Schedule, 100, 0);

    [Test]
    public void Regions_that_are_always_powered_and_clocked_as_elsewhere_change_nothing()
    {
        var always = new GatingSpec { Banks = Region(1, 0, 1), KvSram = Region(1, 0), Vector = new(), Attention = new(), Network = new() };
        Assert.Multiple(() =>
        {
            Assert.That(Leakage(always), Is.EqualTo(Leakage(null)).Within(1e-12).Percent);
            Assert.That(Idle(always).ClockWatts, Is.EqualTo(Idle(null).ClockWatts).Within(1e-9).Percent);
            Assert.That(Idle(always).TotalWatts.Value, Is.EqualTo(Idle(null).TotalWatts.Value).Within(1e-9).Percent);
        });
    }

    [Test]
    public void A_region_that_is_off_for_some_of_the_time_leaks_that_much_less()
    {
        var area = DieArea.Of(Hc1, N6);
        // (1 − 0.25)(1 − 0.2) of 1 mm² of vector lanes at 0.06 W, at the voltage of the fabric.
        var volts = SupplyVoltage.LeakageFactor(N6.Supply, SupplyVoltage.Of(Hc1, N6));
        var saved = 0.75 * 0.8 * area.VectorMm2 * N6.Leakage.LogicWattsPerMm2 * volts;
        Assert.That(Leakage(null) - Leakage(new() { Vector = Region(0.25, 0.2) }), Is.EqualTo(saved).Within(1e-9).Percent);
    }

    [Test]
    public void All_regions_together_never_save_more_than_leaks()
    {
        var off = Region(0, 0);
        var least = Leakage(new() { Banks = off, KvSram = off, Vector = off, Attention = off, Network = off });
        // Sampler, IO and frame stay on.
        Assert.That(least, Is.Positive.And.LessThan(0.2 * Leakage(null)));
    }

    [Test]
    public void More_duty_or_more_retention_never_lowers_leakage_and_an_idle_card_is_off() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1])
            .Sample(
                (duty, more, retained) =>
                {
                    var (low, high) = (Math.Min(duty, more), Math.Max(duty, more));
                    double Of(double d, double r) => Leakage(new() { Banks = Region(d, r), KvSram = Region(d, r) });
                    Assert.That(Of(low, retained), Is.LessThanOrEqualTo(Of(high, retained) * (1 + 1e-12)));
                    Assert.That(Of(duty, Math.Min(retained, more)), Is.LessThanOrEqualTo(Of(duty, Math.Max(retained, more)) * (1 + 1e-12)));
                    if (duty < 1)
                        Assert.That(
                            Idle(new() { Banks = Region(duty, retained) }).LeakageWatts,
                            Is.EqualTo(Idle(new() { Banks = Region(0, retained) }).LeakageWatts).Within(1e-9).Percent
                        );
                },
                iter: 50
            );

    [Test]
    public void Clocks_cost_between_idle_and_full_by_their_duty()
    {
        double Clock(double? duty) => Idle(new() { Vector = Region(1, 1, duty) }).ClockWatts;
        Assert.Multiple(() =>
        {
            Assert.That(Clock(null), Is.EqualTo(Clock(0)));
            Assert.That(Clock(0.5), Is.EqualTo(0.5 * (Clock(0) + Clock(1))).Within(1e-9).Percent);
            Assert.That(Clock(1), Is.GreaterThan(Clock(0)));
        });
    }

    [Test]
    public void Gated_banks_lower_power_under_load_too()
    {
        double Watts(GatingSpec? gating) =>
            ChipEvaluation
                .Evaluate(
                    Chip.Value with { Fabric = Hc1 with { Gating = gating } },
                    N6,
                    Evaluation.EvaluationTests.Prices,
                    new ServiceShape(100, 100)
                )
                .Watts.Value;
        Assert.That(Watts(new() { Banks = Region(0.1, 0.1, 0.1) }), Is.LessThan(0.9 * Watts(null)));
    }
}
