using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Tests.Evaluation;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Tests.Power;

[Category("Physics")]
public class DataTogglesTests
{
    private static readonly Lazy<EvaluationInput> Chip = new(() => EvaluationInput.Of(ShapePlan.Hc1Llama()));

    private static readonly ServiceShape Service = new(100, 100);

    private static PowerBreakdown Power(DataToggles data) =>
        DataPower.Of(Chip.Value, ShapePlan.Technology("n6"), EvaluationTests.Prices, Service, data).Power;

    [Test]
    public void Random_data_give_the_figures_of_the_chip()
    {
        var figures = ChipEvaluation.Evaluate(Chip.Value, ShapePlan.Technology("n6"), EvaluationTests.Prices, Service);
        var random = DataPower.Of(Chip.Value, ShapePlan.Technology("n6"), EvaluationTests.Prices, Service, DataToggles.Random);
        Assert.That(random.Figures.Watts.Value, Is.EqualTo(figures.Watts.Value).Within(1e-9).Percent);
    }

    [Test]
    public void Parts_follow_their_own_toggles_and_nothing_else()
    {
        var (random, moved) = (Power(DataToggles.Random), Power(new(0.25, 0.1, 0.5)));
        Assert.Multiple(() =>
        {
            Assert.That(moved.RomWatts, Is.EqualTo(0.5 * random.RomWatts).Within(1e-9).Percent);
            Assert.That(moved.ProductsWatts, Is.EqualTo(0.2 * random.ProductsWatts).Within(1e-9).Percent);
            Assert.That(moved.ColumnsWatts, Is.EqualTo(random.ColumnsWatts).Within(1e-9).Percent);
            Assert.That(moved.KvSramWatts, Is.EqualTo(random.KvSramWatts).Within(1e-9).Percent);
            Assert.That(moved.LeakageWatts, Is.LessThan(random.LeakageWatts), "a cooler chip leaks less");
        });
    }

    [Test]
    public void Columns_without_toggles_cost_their_clocks()
    {
        // 3-bit codes and 8-bit activations: products of 10 bits, sums of 15, 26-bit accumulators in every 32nd row with an 8-bit scale.
        var e = ShapePlan.Technology("n6").Energy;
        var clocks = (15 * e.FlipFlopPj) + (2 * 26 * e.FlipFlopPj / 32);
        var all = clocks + (25 * e.AddPjPerBit) + (((15 * 8 * e.MultiplyPjPerBit2) + (26 * e.AddPjPerBit)) / 32);
        var share = Power(new(0.5, 0.5, 0)).ColumnsWatts / Power(DataToggles.Random).ColumnsWatts;
        Assert.That(share, Is.EqualTo(clocks / all).Within(1e-9).Percent);
    }

    [Test]
    public void More_toggles_never_cost_less() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 0.3])
            .Sample(
                (a, b, c, more) =>
                    Power(new(a, b, c)).TotalWatts.Value <= Power(new(a + more, b + more, c + more)).TotalWatts.Value * (1 + 1e-12),
                iter: 50
            );
}
