using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Costs;

[TestFixture]
[Category("Physics")]
public sealed class BuildCostTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    private static readonly Lazy<CostReport> Standard = new(() => Report(0, 0));

    [Test]
    public void Figures_lie_in_their_intervals_and_agree_with_each_other()
    {
        var report = Standard.Value;
        UncertaintyRange Of(string key) => report.Figures.Single(f => f.Key == key).Figure;
        Assert.Multiple(() =>
        {
            foreach (var f in report.Figures)
                Assert.That(f.Figure.Value, Is.InRange(f.Figure.Low, f.Figure.High), f.Key);
            // Half of the price is margin; two masks of 170,000; the whole set without them.
            Assert.That(Of("card_price_usd").Value, Is.EqualTo(2 * Of("card_usd").Value).Within(1e-6));
            Assert.That(Of("custom_masks_usd").Value, Is.EqualTo(340_000));
            Assert.That(Of("base_masks_usd").Value, Is.EqualTo(10.0e6 - 340_000));
            Assert.That(report.YieldModel, Does.Contain("(1 + A D / alpha)^-alpha").And.Contain("alpha = 3"));
        });
    }

    [Test]
    public void The_month_of_a_full_card_costs_what_its_tokens_cost()
    {
        // At the volume of exactly one card, cost by volume and USD per million tokens are the same formula.
        var report = Standard.Value;
        var full = report.UsdPerMonth[^1].Value / CostReport.VolumesMillion[^1];
        Assert.That(full, Is.EqualTo(report.Figures.Single(f => f.Key == "usd_per_million_tokens").Figure.Value).Within(1).Percent);
    }

    [Test]
    public void Fewer_cards_make_the_model_dearer_and_more_use_makes_tokens_cheaper()
    {
        static double Token(CostReport r) => r.Figures.Single(f => f.Key == "usd_per_million_tokens").Figure.Value;
        Assert.Multiple(() =>
        {
            Assert.That(Token(Report(1000, 0)), Is.GreaterThan(1.2 * Token(Standard.Value)));
            Assert.That(Token(Report(0, 0.9)), Is.LessThan(Token(Standard.Value)));
        });
    }

    [Test]
    public void Write_off_hosting_and_electricity_add_up_to_the_price_of_a_token()
    {
        double Of(string key) => Standard.Value.Figures.Single(f => f.Key == key).Figure.Value;
        Assert.Multiple(() =>
        {
            Assert.That(
                Of("write_off_usd_per_million_tokens") + Of("hosting_usd_per_million_tokens") + Of("electricity_usd_per_million_tokens"),
                Is.EqualTo(Of("usd_per_million_tokens")).Within(1e-9)
            );
            // 115.7 W of the card with one user and 25 W of the server at 8 ct/kWh and PUE 1.2: 0.1407 · 0.08 · 1.2 / 3,600 s / 16,960
            // · 1e6.
            Assert.That(
                Of("electricity_usd_per_million_tokens"),
                Is.EqualTo(0.1407 * 0.08 * 1.2 / 3600 / 16_960 * 1e6).Within(0.5).Percent
            );
            Assert.That(
                Of("usd_per_thousand_requests"),
                Is.EqualTo(1e-3 * 1000 * (Of("usd_per_million_tokens") + Of("usd_per_million_prompt_tokens"))).Within(1e-9)
            );
            Assert.That(
                Of("joules_per_prompt_token"),
                Is.LessThan(Of("joules_per_token")),
                "prompt tokens share clocks and leakage with more tokens a second"
            );
        });
    }

    [Test]
    public void Less_use_and_a_shorter_life_make_tokens_dearer_by_what_is_fixed()
    {
        var report = Standard.Value;
        double fixedUsd = report
            .Figures.Where(f => f.Key is "write_off_usd_per_million_tokens" or "hosting_usd_per_million_tokens")
            .Sum(f => f.Figure.Value);
        double writeOff = report.Figures.Single(f => f.Key == "write_off_usd_per_million_tokens").Figure.Value;
        double token = report.Figures.Single(f => f.Key == "usd_per_million_tokens").Figure.Value;
        Assert.Multiple(() =>
        {
            // The list's use is one half and its life 18 months.
            for (var i = 0; i < CostReport.Utilisations.Count; i++)
                Assert.That(
                    report.UsdPerMillionByUtilisation[i].Value,
                    Is.EqualTo(token - fixedUsd + (fixedUsd * 0.5 / CostReport.Utilisations[i])).Within(1e-9)
                );
            for (var i = 0; i < CostReport.WriteOffMonths.Count; i++)
                Assert.That(
                    report.UsdPerMillionByWriteOff[i].Value,
                    Is.EqualTo(token - writeOff + (writeOff * 18 / CostReport.WriteOffMonths[i])).Within(1e-9)
                );
            Assert.That(
                report.Alternatives.Single(a => a.Name == "Groq API").UsdPerThousandRequests!.Value.Value,
                Is.EqualTo(0.05 + 0.08).Within(1e-9)
            );
            Assert.That(report.PricesDate, Is.EqualTo("2026-11-01"));
        });
    }

    [Test]
    public void An_alternative_that_cannot_hold_the_model_says_why()
    {
        var shape = Library.Shape("llama-3.1-8b") with { Name = "wide", FeedForwardLength = 14336 * 40 };
        var plan = DesignLibrary.Plan(shape, Library.Fabric("hc1") with { Dies = 32 }, "rom3");
        var report = BuildCost.From(Library, plan, Library.Prices(), 1000, 1000);
        Assert.That(
            report.Alternatives.Single(a => a.Name == "h100 rented").Unavailable,
            Does.Contain("do not fit").Or.Contain("needs more memory")
        );
    }

    [TestCase(-1, 0, "--cards")]
    [TestCase(0, 1.5, "--utilisation")]
    [TestCase(0, double.NaN, "--utilisation")]
    public void Impossible_uses_are_refused(int cards, double utilisation, string option) =>
        Assert.That(() => BuildCost.Prices(Library, cards, utilisation), Throws.TypeOf<InputException>().With.Message.Contains(option));

    private static CostReport Report(int cards, double utilisation) =>
        BuildCost.From(
            Library,
            DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), Library.Fabric("hc1"), "rom3"),
            BuildCost.Prices(Library, cards, utilisation),
            1000,
            1000
        );
}
