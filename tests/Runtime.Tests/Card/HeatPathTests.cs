using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Engine;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Card;

/// <summary>Laws of temperature, averaged power and clock.</summary>
[Category("Physics")]
public class HeatPathTests
{
    private static readonly CoolingSpec Air = YamlReader.Read<CoolingSpec>(Shared.InRepo("chips/cooling/air.yaml"));

    // 0.1 K/W from junction to sink, 0.15 K/W to air, 10 W idle on the dies, nine tenths of the rest.
    private static readonly CardCooling Card = new()
    {
        InletKelvin = 308,
        MaximumKelvin = 378,
        JunctionKelvinPerWatt = 0.1,
        SinkKelvinPerWatt = 0.15,
        IdleDieWatts = 10,
        DieShare = 0.9,
        Rules = Air,
    };

    private static HeatPath After(double seconds, double watts)
    {
        var heat = new HeatPath(Card);
        heat.Pass(seconds, watts);
        return heat;
    }

    [Test]
    public void Constant_power_ends_at_inlet_plus_heat_times_resistance()
    {
        // 308 + (10 + 0.9 · 200) · 0.25 = 355.5 K, below the limit.
        Assert.That(After(30 * Air.SinkSeconds, 200).Kelvin, Is.EqualTo(355.5).Within(1e-6));
        // A card that nobody used stays at 308 + 10 · 0.25.
        Assert.That(After(1e6, 0).Kelvin, Is.EqualTo(310.5).Within(1e-9));
    }

    [TestCase(0.001)]
    [TestCase(0.1)]
    [TestCase(1)]
    [TestCase(60)]
    public void A_step_of_power_warms_both_stages_with_their_time_constants(double seconds)
    {
        const double Heat = 0.9 * 200;
        var die = Heat * 0.1 * (1 - Math.Exp(-seconds / Air.JunctionSeconds));
        var sink = Heat * 0.15 * (1 - Math.Exp(-seconds / Air.SinkSeconds));
        var heat = After(seconds, 200);
        Assert.Multiple(() =>
        {
            Assert.That(heat.Kelvin, Is.EqualTo(310.5 + die + sink).Within(1e-9));
            Assert.That(heat.AverageWatts, Is.EqualTo(200 * (1 - Math.Exp(-seconds / Air.SensorSeconds))).Within(1e-9));
        });
        var pieces = new HeatPath(Card);
        for (var i = 0; i < 7; i++)
            pieces.Pass(seconds / 7, 200);
        Assert.That(pieces.Kelvin, Is.EqualTo(heat.Kelvin).Within(1e-9), "how time is cut must not matter");
        heat.Pass(seconds, 0);
        var cooled = (die * Math.Exp(-seconds / Air.JunctionSeconds)) + (sink * Math.Exp(-seconds / Air.SinkSeconds));
        Assert.That(heat.Kelvin, Is.EqualTo(310.5 + cooled).Within(1e-9));
    }

    [Test]
    public void Above_the_limit_the_clock_falls_by_a_step_each_period_to_its_lowest_and_rises_after_the_load()
    {
        // 308 + (10 + 900) · 0.25 = 535.5 K at the end: far too much.
        var heat = new HeatPath(Card);
        heat.Pass(120, 1000);
        Assert.That(heat.ClockFraction, Is.EqualTo((double)Air.LowestFraction));
        heat = new HeatPath(Card);
        while (heat.Kelvin <= Card.MaximumKelvin)
            heat.Pass(Air.PeriodSeconds, 1000);
        var steps = new List<double>();
        for (var i = 0; i < 4; i++, heat.Pass(Air.PeriodSeconds, 1000))
            steps.Add(heat.ClockFraction);
        Assert.That(steps, Is.EqualTo(Enumerable.Range(1, 4).Select(i => 1 - (i * Air.StepFraction))).Within(1e-12));
        heat.Pass(10 * Air.SinkSeconds, 0);
        Assert.That(heat.ClockFraction, Is.EqualTo(1));
    }

    [Test]
    public void A_load_that_follows_the_clock_is_held_at_the_limit()
    {
        // 400 W at full clock. At the limit 70 K / 0.25 K/W = 280 W of heat leave: 10 + 0.9 · 400 · fraction, so the fraction is 0.75.
        var heat = new HeatPath(Card);
        double sum = 0;
        const int Periods = 60_000;
        for (var i = 0; i < Periods; i++)
        {
            heat.Pass(Air.PeriodSeconds, 400 * heat.ClockFraction);
            if (i >= Periods / 2)
            {
                sum += heat.ClockFraction;
                Assert.That(heat.Kelvin, Is.InRange(Card.MaximumKelvin - Air.HysteresisKelvin - 1, Card.MaximumKelvin + 1));
            }
        }
        Assert.That(sum / (Periods / 2), Is.EqualTo(0.75).Within(0.02));
    }

    [Test]
    public void Between_limit_and_hysteresis_the_clock_stays()
    {
        // 308 + (10 + 0.9 P) · 0.25 = 376.5 K: 1.5 K below the limit.
        var watts = (((376.5 - 308) / 0.25) - 10) / 0.9;
        var heat = new HeatPath(Card);
        while (heat.ClockFraction >= 1)
            heat.Pass(Air.PeriodSeconds, 1000);
        var lowered = heat.ClockFraction;
        // Long enough for both stages to settle.
        heat.Pass(40 * Air.SinkSeconds, watts);
        var settled = heat.ClockFraction;
        heat.Pass(100, watts);
        Assert.Multiple(() =>
        {
            Assert.That(lowered, Is.LessThan(1));
            Assert.That(heat.Kelvin, Is.EqualTo(376.5).Within(1e-6));
            Assert.That(heat.ClockFraction, Is.EqualTo(settled));
        });
    }

    [Test]
    public void The_heat_sink_takes_up_the_energy_of_the_engine_whether_passes_overlap_or_not()
    {
        // Time constants of days: ΔT · τ / R is the energy that came in.
        var slow = Card with
        {
            IdleDieWatts = 0,
            Rules = Air with { JunctionSeconds = Slow, SinkSeconds = Slow },
        };
        var clock = new SimulatedClock();
        var pipeline = new CorePipeline(
            new CardOptions { Link = TestCard.Link(LatencyMode.None), IdleWatts = 5, Cooling = slow },
            new DeviceTimer(clock),
            trace: null
        );
        // A new pass every 3 µs, each 10 µs long: three to four in flight.
        for (var i = 0; i < 1000; i++)
        {
            pipeline.Enter(new PassCost(10_000, 3_000, 2e-3), 1, "pass", 1);
            Assert.That(pipeline.Watts, Is.EqualTo(5 + (Math.Min(i + 1, 4) * 200)).Within(1e-9));
            clock.AdvanceTo(clock.Now + 3_000);
        }
        clock.AdvanceTo(clock.Now + 1_000_000);
        var taken = (pipeline.Kelvin - 308) * 1e5 / (0.1 + 0.15);
        Assert.Multiple(() =>
        {
            Assert.That(pipeline.Joules, Is.EqualTo(2).Within(1e-9));
            Assert.That(taken, Is.EqualTo(0.9 * pipeline.Joules).Within(1e-4));
            Assert.That(pipeline.Watts, Is.EqualTo(5));
        });
    }

    [Test]
    public void A_card_that_is_too_hot_takes_longer_for_the_same_energy()
    {
        var clock = new SimulatedClock();
        var hot = Card with { MaximumKelvin = 309 };
        var pipeline = new CorePipeline(
            new CardOptions { Link = TestCard.Link(LatencyMode.None), Cooling = hot },
            new DeviceTimer(clock),
            trace: null
        );
        Assert.That(pipeline.Enter(new PassCost(10_000, 4_000, 1e-3), 1, "pass", 1), Is.EqualTo(10_000));
        // Idle alone is above this limit: after half a second the clock is at its lowest.
        clock.AdvanceTo(500_000_000);
        Assert.Multiple(() =>
        {
            Assert.That(pipeline.ClockFraction, Is.EqualTo(0.5));
            Assert.That(pipeline.Enter(new PassCost(10_000, 4_000, 1e-3), 1, "pass", 1), Is.EqualTo(20_000));
            Assert.That(pipeline.WaitNs, Is.EqualTo(8_000));
            Assert.That(pipeline.Joules, Is.EqualTo(2e-3));
        });
    }

    private static readonly Constant Slow = Air.SinkSeconds with { Value = 1e5, Low = 1e5, High = 1e5 };
}
