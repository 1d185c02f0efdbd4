using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Link;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Engine;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Card;

/// <summary>A card that lowers its clock says so: in STATUS, by an interrupt, an event and a record.</summary>
[Category("Timing")]
public class HeatSignalTests
{
    private static readonly int[] Prompt = [3, 1, 4, 1, 5];

    // Idle alone ends 2.5 K above the inlet; the limit decides whether that is too hot.
    private static CardCooling Cooling(double limitAboveInlet) =>
        new()
        {
            InletKelvin = 308,
            MaximumKelvin = 308 + limitAboveInlet,
            JunctionKelvinPerWatt = 0.1,
            SinkKelvinPerWatt = 0.15,
            IdleDieWatts = 10,
            DieShare = 0.9,
            Rules = YamlReader.Read<CoolingSpec>(Shared.InRepo("chips/cooling/air.yaml")),
        };

    private static (uint Status, uint Irq) Read(TestCard card) =>
        (card.Card.Link.Read(Bar.Control, Bar0.Status), card.Card.Link.Read(Bar.Control, Bar0.IrqStatus));

    [Test]
    public void A_card_that_is_cool_says_nothing()
    {
        using var card = new TestCard(cooling: Cooling(50));
        var channel = card.Handle.CreateChannel(64, ChannelMode.Poll);
        card.Generate(channel, Prompt, 10);
        card.Card.Clock.AdvanceTo(card.Card.Clock.Now + 1_000_000_000);
        var (status, irq) = Read(card);
        Assert.Multiple(() =>
        {
            Assert.That(status & Bar0.StatusThermal, Is.Zero);
            Assert.That(irq & Bar0.IrqThermal, Is.Zero);
            Assert.That(card.Handle.Errors(), Is.Empty);
        });
    }

    [Test]
    public void A_card_that_is_too_hot_sets_its_bit_interrupts_and_records_it_and_goes_on()
    {
        // 15 mJ on the die, whose heat capacity is 0.1 s / 0.1 K/W = 1 J/K, are 0.9 · 15 mK.
        using var card = new TestCard(cooling: Cooling(2.502));
        var channel = card.Handle.CreateChannel(64, ChannelMode.Poll);
        var cool = card.Generate(channel, Prompt, 10);
        card.Card.Clock.AdvanceTo(card.Card.Clock.Now + 1_000_000_000);
        var (status, irq) = Read(card);
        Assert.Multiple(() =>
        {
            Assert.That(status & Bar0.StatusThermal, Is.Not.Zero);
            Assert.That((DeviceState)(status >> 16), Is.EqualTo(DeviceState.Running), "a lower clock is no stop");
            Assert.That(irq & Bar0.IrqThermal, Is.Not.Zero);
        });
        // The bit of the interrupt is cleared by writing it; nothing sets it again while the clock stays low.
        card.Card.Link.Write(Bar.Control, Bar0.IrqStatus, Bar0.IrqThermal);
        Assert.That(card.Generate(channel, Prompt, 10), Is.EqualTo(cool));
        (status, irq) = Read(card);
        // Events are taken with the next answer of the admin channel.
        card.Handle.Telemetry();
        var told = card.Handle.Events().Where(e => e.Kind == DeviceEventKind.ClockStep).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(status & Bar0.StatusThermal, Is.Not.Zero);
            Assert.That(irq & Bar0.IrqThermal, Is.Zero);
            Assert.That(told, Has.Count.EqualTo(1));
            Assert.That(told[0].Detail, Is.InRange(500, 999), "the clock in thousandths");
            Assert.That(
                card.Handle.Errors().Select(e => (e.Source, e.Class)),
                Is.EqualTo(new[] { (RasSource.Thermal, RasClass.Correctable) })
            );
        });
    }

    [Test]
    public void The_bit_goes_when_the_clock_is_back_and_that_is_told_too()
    {
        var clock = new SimulatedClock();
        var options = new CardOptions { Link = TestCard.Link(LatencyMode.None), Cooling = Cooling(30) };
        var steps = new List<double>();
        var pipeline = new CorePipeline(options, new DeviceTimer(clock), trace: null) { Throttled = steps.Add };
        // A pass of a minute at 1000 W: the junction passes 30 K above the inlet long before its end.
        pipeline.Enter(new PassCost(60_000_000_000, 1, 60_000), 1, "pass", 1);
        Assert.That(pipeline.LookAtClock(), Is.False);
        clock.AdvanceTo(59_000_000_000);
        Assert.That(pipeline.LookAtClock(), Is.True);
        clock.AdvanceTo(clock.Now + 600_000_000_000);
        Assert.That(pipeline.LookAtClock(), Is.False);
        Assert.That(steps, Is.EqualTo(new[] { 0.5, 1 }));
    }
}
