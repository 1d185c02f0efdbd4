using NUnit.Framework;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Live;
using TaalasSim.Reports.Pages;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Live;

/// <summary>The model inside a page says what <c>compare</c> says.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class LiveModelTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    private static readonly LiveDesign Design = new()
    {
        Model = "llama-3.1-8b",
        Fabric = "hc1",
        Weights = "rom3",
        Gpus = ["h200"],
        InputTokens = 1000,
        OutputTokens = 1000,
        Utilisation = 0.5,
    };

    [Test]
    public void The_start_is_the_published_chip_with_every_digit_of_a_comparison()
    {
        using var model = new LiveModel(Library, Design);
        var start = model.At(model.Start(), BuildComparison.Draws);
        var plan = DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), Library.Fabric("hc1"), "rom3");
        var compared = BuildComparison.From(Library, plan, ["h200"], 1000, 1000, 0, 0.5);
        var quick = model.At(model.Start(), draws: 0).Comparison;
        Assert.Multiple(() =>
        {
            foreach (var view in Enum.GetValues<ServiceView>())
            foreach (var (mine, theirs, first) in start.Comparison.Systems().Zip(compared.Systems(), quick.Systems()))
            foreach (var (figure, range) in theirs.At(view)!.Figures)
            {
                Assert.That(mine.At(view)![figure], Is.EqualTo(range), $"{theirs.Name} {view} {figure.Key}");
                Assert.That(first.At(view)![figure].Value, Is.EqualTo(range.Value), $"{theirs.Name} {view} {figure.Key} without draws");
            }

            Assert.That(start.Comparison.Chip.OneUser!.Calibrated, Does.Contain(FigureCatalog.TokensPerSecondUser));
            Assert.That(start.Command, Does.Not.Contain("--set"));
            Assert.That(AnswerTable.Of(quick)[0].Rows[1].Cells[0].Interval, Is.Empty, "nothing was drawn");
        });
    }

    [Test]
    public void Another_bank_gets_a_die_that_holds_the_model_and_a_chip_that_is_too_fast_a_reason()
    {
        using var model = new LiveModel(Library, Design);
        var start = model.Start();
        var four = model.At(start with { Weights = "rom4" }, draws: 0);
        var clock = model.At(start with { ClockGhz = "1.1" }, draws: 0);
        var power = model.At(start with { UsdPerKwh = "0.2" }, draws: 0);
        Assert.Multiple(() =>
        {
            Assert.That(four.Command, Does.Contain("--set fabric.bank.rom_bits_per_weight=4.25 --set fabric.bank.code_bits=4"));
            Assert.That(four.Command, Does.Contain("--set fabric.sites.rows="));
            Assert.That(clock.Command, Does.EndWith("--set fabric.clock_ghz=1.1"));
            // Cycles over the clock: 1.1 over 1.280497 of the speed.
            Assert.That(
                clock.Comparison.Chip.OneUser![FigureCatalog.TokensPerSecondUser].Value,
                Is.EqualTo(16_960 * 1.1 / 1.280497).Within(0.001).Percent
            );
            Assert.That(power.Command, Does.EndWith("--set prices.electricity_usd_per_kwh=0.2"));
            Assert.That(
                () => model.At(start with { ClockGhz = "2.5" }, draws: 0),
                Throws.TypeOf<InputException>().With.Message.Contains("GHz")
            );
            Assert.That(() => model.At(start with { Users = -1 }, draws: 0), Throws.TypeOf<InputException>());
            Assert.That(() => LivePoint.Parse("users=x"), Throws.TypeOf<InputException>());
        });
    }

    [Test]
    public void Every_control_starts_at_the_value_of_the_report()
    {
        var controls = LiveControls.Of(Library, Design with { Utilisation = 0.37, InputTokens = 777, Weights = "rom6" });
        string Start(string key) => controls.Single(c => c.Key == key) is var c ? c.Values[c.Start] : "";
        Assert.Multiple(() =>
        {
            Assert.That(controls.Select(c => c.Values.Distinct(StringComparer.Ordinal).Count() == c.Values.Count), Has.All.True);
            Assert.That(Start("clock_ghz"), Is.EqualTo("1.280497"));
            Assert.That(Start("utilisation"), Is.EqualTo("0.37"));
            Assert.That(Start("input_tokens"), Is.EqualTo("777"));
            Assert.That(Start("weights"), Is.EqualTo("rom6"));
            Assert.That(Start("technology"), Is.EqualTo("n6"));
            Assert.That(
                controls.Single(c => c.Key == "weights").Values,
                Is.EqualTo(new[] { "rom2", "rom3", "rom4", "rom5", "rom6", "rom8" }),
                "the family of the design's format, by bits"
            );
        });
    }
}
