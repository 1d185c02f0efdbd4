using NUnit.Framework;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Support;

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
            var fabric = Sharing(name, outputs);
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
        var two = Sharing("hc1", 2).Bank.Gates(8, logic);
        Assert.That(one.ColumnGe - two.ColumnGe, Is.EqualTo((shared / 2) - (18 * 0.5)).Within(1e-9));
    }

    [Test]
    public void A_token_takes_longer_and_no_energy_is_lost_or_won()
    {
        var plan = ShapePlan.Of(ShapePlan.Llama8B, Sharing("hc1", 4));
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

    [TestCase("adder-network", 2, "bank.outputs_per_adder 2 must be 1 for adder_network")]
    [TestCase("groq-lpu", 2, "bank.outputs_per_adder 2 must be 1 for sram_multiply")]
    [TestCase("hc1", 3, "bank.columns 1024 must be a multiple of bank.outputs_per_adder (3)")]
    [TestCase("hc1", 65, "bank.outputs_per_adder 65 must lie in 1 … 64 outputs")]
    public void What_no_bank_can_share_is_refused(string fabric, int outputs, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("mine.yaml", $"base: {fabric}\nname: mine\nbank:\n  outputs_per_adder: {outputs}\n");
        Assert.Multiple(() =>
        {
            Assert.That(() => Sharing(fabric, outputs), Throws.TypeOf<InputException>().With.Message.Contains(message));
            Assert.That(
                () => FabricFile.Read(path, library: Shared.InRepo("chips/fabrics")),
                Throws.TypeOf<InputException>().With.Message.Contains(message)
            );
        });
    }

    private static FabricSpec Sharing(string name, int outputs)
    {
        var fabric = ShapePlan.Fabric(name);
        return FabricFile.Checked(fabric with { Bank = fabric.Bank with { OutputsPerAdder = outputs }, Published = null }, name);
    }
}
