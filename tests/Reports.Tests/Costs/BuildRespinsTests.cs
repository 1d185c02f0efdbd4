using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Costs;

[TestFixture]
[Category("Physics")]
public sealed class BuildRespinsTests
{
    private const int Input = 300,
        Output = 200;

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));
    private static readonly ChipPlan Plan = DesignLibrary.Plan(Library.Shape("llama-3.2-1b"), Library.Fabric("hc1"), "rom3");
    private static readonly PriceBook Prices = BuildCost.Prices(Library, 1000, 0.5);

    // Worked out from the figures of one evaluation, month by month.
    [TestCase(6, 3)]
    [TestCase(7, 2)]
    [TestCase(36, 3)]
    [TestCase(24, 4)]
    [TestCase(1, 1)]
    public void Costs_are_those_of_a_ledger(int every, int years)
    {
        var report = BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(every, years));
        var chip = EvaluationInput.Of(Plan);
        var users = BuildComparison.MostUsers(chip, new ServiceShape(Input, Output));
        var f = ChipEvaluation.Evaluate(chip, Library.Technology("n6"), Prices, new ServiceShape(Input, Output, users));
        var (p, life) = (Prices, 12 * Prices.Service.LifeYears.Value);
        double spent = 0,
            nextCards = 0;
        var ledger = new List<double>();
        for (var month = 0; month <= 12 * years; month++)
        {
            var isEnd = month == 12 * years;
            if (!isEnd && month % every == 0)
            {
                spent += f.OneTimeUsdPerModel.Value;
                nextCards = month;
            }

            // Lives are whole months in the price list.
            if (!isEnd && month == nextCards)
            {
                spent += 1000 * f.CardUsd.Value / (1 - p.Card.GrossMargin);
                nextCards += life;
            }

            if (!isEnd && month % life == 0)
                spent += 1000 * p.Card.ServerShareUsd;
            if (report.Months.Contains(month))
                ledger.Add(spent);
            var kilowatts = 1000 * (f.Watts.Value + p.Card.ServerShareWatts) / 1000;
            spent += kilowatts * ((p.HostingUsdPerKwYear / 12) + (p.ElectricityUsdPerKwh * p.Pue * p.Service.Utilisation * 8760 / 12));
        }

        Assert.Multiple(() =>
        {
            Assert.That(life, Is.EqualTo(Math.Round(life)));
            Assert.That(report.Months, Is.EqualTo(Enumerable.Range(0, report.Plan.Generations).Select(g => g * every).Append(12 * years)));
            for (var i = 0; i < ledger.Count; i++)
                Assert.That(
                    report.Systems[0].CumulativeUsd[i].Value,
                    Is.EqualTo(ledger[i]).Within(1e-9 * ledger[i]),
                    $"{report.Months[i]}"
                );
            Assert.That(
                report.MillionTokensPerMonth.Value,
                Is.EqualTo(1000 * f.TokensPerSecondTotal * 3600 * 8760 / 12 * 0.5 / 1e6).Within(1e-9).Percent
            );
            Assert.That(report.Wafers.Value, Is.EqualTo(1000 / (f.DiesPerWafer * f.Yield * p.Card.AssemblyYield)).Within(1e-9).Percent);
            Assert.That(report.MasksUsd.Value, Is.EqualTo(f.CustomMasksUsd.Value * (1 + p.Service.Respins)).Within(1e-9).Percent);
            Assert.That(report.MasksUsd.Value + report.OtherOneTimeUsd.Value, Is.EqualTo(f.OneTimeUsdPerModel.Value).Within(1e-9).Percent);
        });
    }

    [Test]
    public void Alternatives_serve_the_same_tokens_and_a_new_model_costs_them_nothing()
    {
        var often = BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(3, 2));
        var seldom = BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(24, 2));
        var volume = often.MillionTokensPerMonth.Value;
        Assert.Multiple(() =>
        {
            foreach (var system in often.Systems.Skip(1))
                Assert.That(
                    system.CumulativeUsd[^1].Value,
                    Is.EqualTo(seldom.Systems.Single(s => s.Name == system.Name).CumulativeUsd[^1].Value).Within(1e-9).Percent,
                    system.Name
                );
            var api = Prices.Alternatives.First(a => a.Kind == "api");
            Assert.That(Named(api.Name).CumulativeUsd[^1].Value, Is.EqualTo(24 * api.Usd * volume).Within(1e-9).Percent);
            var rented = Prices.Alternatives.First(a => a.Kind == "hourly");
            var rate = GpuViews.Of(Library.Gpus, Plan.Model, "h200", Input, Output).FullBatch!.TokensPerSecondTotal.Value;
            var hours = volume * 1e6 / (rate * 3600 * 0.5);
            Assert.That(Named(rented.Name).CumulativeUsd[^1].Value, Is.EqualTo(24 * rented.Usd * hours).Within(1e-9).Percent);
            // Bought twice in 24 months with a life of 18.
            var bought = Named("h200 bought").CumulativeUsd;
            Assert.That(bought[0].Value, Is.EqualTo((37_500 + Prices.Card.ServerShareUsd) * hours / (8760.0 / 12)).Within(1e-9).Percent);
            Assert.That(often.Systems[0].CumulativeUsd[^1].Value, Is.GreaterThan(seldom.Systems[0].CumulativeUsd[^1].Value));
        });

        RespinSystem Named(string name) => often.Systems.Single(s => s.Name == name);
    }

    [Test]
    public void The_shortest_pace_is_where_the_chip_becomes_dearer()
    {
        var report = BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(12, 2));
        Assert.Multiple(() =>
        {
            foreach (var system in report.Systems.Skip(1))
            {
                var limit = system.CumulativeUsd[^1].Value;
                if (system.ShortestRespinMonths is not { } months)
                {
                    Assert.That(Total(24), Is.GreaterThan(limit), system.Name);
                    continue;
                }

                Assert.That(Total(months), Is.LessThanOrEqualTo(limit), system.Name);
                if (months > 1)
                    Assert.That(Total(months - 1), Is.GreaterThan(limit), system.Name);
            }

            Assert.That(report.Systems.Skip(1).Select(s => s.ShortestRespinMonths).Distinct().Count(), Is.GreaterThan(1));
        });

        static double Total(int months) =>
            BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(months, 2)).Systems[0].CumulativeUsd[^1].Value;
    }

    [TestCase(0, 3, "--respin-months 0: use 1 to 120")]
    [TestCase(6, 21, "--years 21: use 1 to 20")]
    public void A_pace_that_cannot_be_is_refused(int months, int years, string message) =>
        Assert.That(
            () => BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(months, years)),
            Throws.TypeOf<InputException>().With.Message.EqualTo(message)
        );

    [Test]
    public void Curves_are_the_costs_in_millions()
    {
        var report = BuildRespins.From(Library, Plan, Prices, Input, Output, new RespinPlan(12, 1));
        var curves = RespinCurves.From(report);
        Assert.That(
            curves.Curves[0].Points.Select(p => p.Y.Value),
            Is.EqualTo(report.Systems[0].CumulativeUsd.Select(u => u.Value / 1e6)).Within(1e-9).Percent
        );
        Assert.That(curves.Curves.Select(c => c.Name), Is.EqualTo(report.Systems.Select(s => s.Name)));
    }
}
