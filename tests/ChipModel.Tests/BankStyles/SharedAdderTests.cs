using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.BankStyles;

/// <summary>Banks in which several outputs share an adder.</summary>
[Category("Physics")]
public class SharedAdderTests
{
    [TestCase("hc1")]
    [TestCase("hc1-ternary")]
    public void Sharing_costs_cycles_and_saves_area(string name)
    {
        var technology = ShapePlan.Technology("n6");
        double before = double.PositiveInfinity,
            cycles = 0;
        foreach (var outputs in new[] { 1, 2, 4, 8, 16 })
        {
            var fabric = ShapePlan.Fabric(name, ("bank.outputs_per_adder", $"{outputs}"));
            var area = DieArea.Of(fabric, technology).ColumnsMm2;
            var pass = fabric.Bank.PassCycles(256, 8);
            Assert.That(area, Is.LessThan(before), $"{outputs}");
            Assert.That(pass, Is.EqualTo(outputs * ShapePlan.Fabric(name).Bank.PassCycles(256, 8)));
            Assert.That(pass, Is.GreaterThan(cycles));
            (before, cycles) = (area, pass);
        }
    }

    [Test]
    public void Two_outputs_of_the_hc1_share_selector_and_adder()
    {
        // Decoder, selector and adder of AreaPowerTests; two outputs choose a code of 3 bits and a sum of 15 with half a gate a bit.
        const double shared = (2 * 2 * 2.25) + (4 * 1) + (10 * ((4 * 0.5) + 2.25)) + (10 * 3.5) + (5 * 3.75) + 1.5;
        var logic = ShapePlan.Technology("n6").Logic;
        var one = ShapePlan.Fabric("hc1").Bank.Gates(8, logic);
        var two = ShapePlan.Fabric("hc1", ("bank.outputs_per_adder", "2")).Bank.Gates(8, logic);
        Assert.That(one.ColumnGe - two.ColumnGe, Is.EqualTo((shared / 2) - (18 * 0.5)).Within(1e-9));
    }

    [Test]
    public void A_token_takes_longer_and_no_energy_is_lost_or_won()
    {
        var plan = ShapePlan.Of(ShapePlan.Llama8B, ShapePlan.Fabric("hc1", ("bank.outputs_per_adder", "4")));
        var (shared, own) = (EvaluationInput.Of(plan), EvaluationInput.Of(ShapePlan.Hc1Llama()));
        Assert.Multiple(() =>
        {
            Assert.That(
                ClosedFormLatency.TokenCycles(shared.Schedule, 100),
                Is.GreaterThan(1.5 * ClosedFormLatency.TokenCycles(own.Schedule, 100))
            );
            Assert.That(shared.Activity, Is.EqualTo(own.Activity), "as many additions");
        });
    }

    [TestCase("adder-network", "2", "bank.outputs_per_adder 2 must be 1 for adder_network")]
    [TestCase("groq-lpu", "2", "bank.outputs_per_adder 2 must be 1 for sram_multiply")]
    [TestCase("hc1", "3", "bank.columns 1024 must be a multiple of bank.outputs_per_adder (3)")]
    [TestCase("hc1", "65", "bank.outputs_per_adder 65 must lie in 1 … 64 outputs")]
    public void What_no_bank_can_share_is_refused(string fabric, string outputs, string message) =>
        Assert.That(
            () => ShapePlan.Fabric(fabric, ("bank.outputs_per_adder", outputs)),
            Throws.TypeOf<InputException>().With.Message.Contains(message)
        );
}
