using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Costs;

/// <summary>
/// Costs of a service that takes a new model every few months. Chips: every model has its one-time costs and a full set of new cards, which
/// are also replaced at the end of their life; servers are bought once a life. Alternatives serve the same answer tokens: rented cards and
/// APIs by the month, bought cards with their servers once a life, and a new model costs them nothing. Money is counted when it is spent,
/// without interest. Prompts are in the time of chips and GPUs; of an API the answer tokens alone are paid, as in the table by volume of
/// <see cref="BuildCost"/>.
/// </summary>
public static class BuildRespins
{
    /// <summary>The report.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="prices">Prices; their cards per model are the cards of the service.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    /// <param name="respins">How often and how long.</param>
    /// <exception cref="InputException">A number is out of range, or no user fits.</exception>
    public static RespinReport From(DesignLibrary library, ChipPlan plan, PriceBook prices, int input, int output, RespinPlan respins)
    {
        respins.Check();
        // How many cards there are is a condition of the question, and no source of uncertainty.
        var cards = Constant.Exact(prices.Service.CardsPerModel, "cards", prices.Service.CardsPerModel.Source);
        prices = prices with { Service = prices.Service with { CardsPerModel = cards } };
        RequestLengths.Check(plan.Model, input, output);
        var chip = EvaluationInput.Of(plan);
        var one = new ServiceShape(input, output);
        var users = BuildComparison.MostUsers(chip, one);
        if (users < 1)
            throw new InputException(
                $"keys and values of one user at {input} + {output} tokens do not fit the KV SRAM of {plan.Fabric.Name}"
            );
        var study = BuildCost.Study(library, plan, chip, prices, one with { Users = users });
        int[] months = [.. Enumerable.Range(0, respins.Generations).Select(g => g * respins.RespinMonths), respins.Months];
        Func<DesignDraw, double>[] figures =
        [
            Volume,
            d => d.Figures().TurnaroundWeeks,
            MasksUsd,
            d => d.Figures().OneTimeUsdPerModel.Value - MasksUsd(d),
            Wafers,
            CardsUsd,
            RunningUsd,
            .. months.Select(m => (Func<DesignDraw, double>)(d => ChipUsd(d, respins, m))),
        ];
        var made = study.Intervals(figures, BuildCost.Draws);
        var systems = new List<RespinSystem> { new("this chip", [.. made.Skip(figures.Length - months.Length)], null) };
        foreach (var a in prices.Alternatives)
            if (Alternative(library, plan.Model, a, study, input, output, respins, months) is { } system)
                systems.Add(system);
        return new RespinReport
        {
            Model = plan.Model.Name,
            Fabric = plan.Fabric.Name,
            PricesDate = prices.Date,
            Plan = respins,
            Cards = prices.Service.CardsPerModel,
            MillionTokensPerMonth = made[0],
            Weeks = made[1],
            MasksUsd = made[2],
            OtherOneTimeUsd = made[3],
            Wafers = made[4],
            CardsUsd = made[5],
            RunningUsdPerMonth = made[6],
            Months = months,
            Systems = systems,
            Verdict = Sentences(systems, respins),
        };
    }

    private static RespinSystem? Alternative(
        DesignLibrary library,
        ModelShape model,
        Alternative a,
        ChipUncertainty chip,
        int input,
        int output,
        RespinPlan respins,
        int[] months
    )
    {
        // The price list names cards with how they are had, e.g. "h200 rented".
        var gpu = a.Kind == "api" ? null : GpuViews.Of(library.Gpus, model, a.Name.Split(' ')[0], input, output);
        if (gpu?.Unavailable.Length > 0)
            return null;
        var watts = gpu?.FullBatch!.Watts.Value ?? 0;
        var rate = gpu?.FullBatch!.TokensPerSecondTotal ?? UncertaintyRange.Exact(1);
        Func<DesignDraw, double> At(double usd, double tokensPerSecond, int month) =>
            d => AlternativeUsd(a with { Usd = a.Usd with { Value = usd } }, d, watts, tokensPerSecond, respins, month);
        var every = chip.Intervals(
            [
                .. months.SelectMany(m =>
                    new[] { At(a.Usd.Value, rate.Value, m), At(a.Usd.Low, rate.High, m), At(a.Usd.High, rate.Low, m) }
                ),
                d => Shortest(d, At(a.Usd.Value, rate.Value, respins.Months)(d), respins) ?? 0,
            ],
            BuildCost.Draws
        );
        var shortest = (int)every[^1].Value;
        return new RespinSystem(
            a.Name,
            [.. every.SkipLast(1).Chunk(3).Select(e => new UncertaintyRange(e[0].Value, e[1].Low, e[2].High))],
            shortest > 0 ? shortest : null
        );
    }

    private static int? Shortest(DesignDraw d, double alternativeUsd, RespinPlan respins)
    {
        for (var months = 1; months <= respins.Months; months++)
            if (ChipUsd(d, respins with { RespinMonths = months }, respins.Months) <= alternativeUsd)
                return months;
        return null;
    }

    // Copies of the model among the cards; each takes the fabric's cards.
    private static double Copies(DesignDraw d) => d.Prices.Service.CardsPerModel / d.Chip.Fabric.Cards;

    // Million answer tokens a month.
    private static double Volume(DesignDraw d) =>
        Copies(d) * d.Figures().TokensPerSecondTotal * 3600 * ChipCost.HoursPerYear / 12 * d.Prices.Service.Utilisation / 1e6;

    // A full set of cards.
    private static double CardsUsd(DesignDraw d) => Copies(d) * d.Figures().CardUsd.Value / (1 - d.Prices.Card.GrossMargin);

    private static double MasksUsd(DesignDraw d) => d.Figures().CustomMasksUsd.Value * (1 + d.Prices.Service.Respins);

    private static double Wafers(DesignDraw d)
    {
        var (f, fabric) = (d.Figures(), d.Chip.Fabric);
        var stacks = fabric.Hbm?.StacksPerDie ?? 0;
        var assembled = Math.Pow(d.Prices.Card.AssemblyYield, fabric.DiesPerPackage * (1 + stacks));
        return Copies(d) * fabric.Dies / (f.DiesPerWafer * f.Yield * assembled);
    }

    private static double RunningUsd(DesignDraw d)
    {
        var (p, cards) = (d.Prices, d.Chip.Fabric.Cards);
        var kilowatts = (d.Figures().Watts.Value + (cards * p.Card.ServerShareWatts)) / 1000;
        var hours = ChipCost.HoursPerYear / 12;
        var electricity = p.ElectricityUsdPerKwh * p.Pue * p.Service.Utilisation * hours;
        return Copies(d) * kilowatts * ((p.HostingUsdPerKwYear / 12) + electricity);
    }

    private static double ChipUsd(DesignDraw d, RespinPlan respins, int month)
    {
        var (f, p) = (d.Figures(), d.Prices);
        var life = 12 * p.Service.LifeYears;
        return (respins.Purchases(respins.RespinMonths, month) * f.OneTimeUsdPerModel.Value)
            + (respins.CardPurchases(life, month) * CardsUsd(d))
            + (respins.Purchases(life, month) * p.Service.CardsPerModel * p.Card.ServerShareUsd)
            + (month * RunningUsd(d));
    }

    private static double AlternativeUsd(Alternative a, DesignDraw d, double watts, double tokensPerSecond, RespinPlan respins, int month)
    {
        var (p, volume) = (d.Prices, Volume(d));
        var cost = ChipMonth.Of(a, p, watts, tokensPerSecond);
        if (a.Kind != "card")
            return month * cost.At(volume);
        var life = 12 * p.Service.LifeYears;
        var capital = a.Usd + p.Card.ServerShareUsd;
        // The month's cost without what it writes off; capital is spent when it is bought.
        var running = cost with { FixedUsd = cost.FixedUsd - (capital / life) };
        var cards = Math.Max(1, volume / cost.CapacityMillion);
        return (respins.Purchases(life, month) * cards * capital) + (month * running.At(volume));
    }

    private static List<string> Sentences(IReadOnlyList<RespinSystem> systems, RespinPlan respins)
    {
        var chip = systems[0].CumulativeUsd[^1];
        var list = new List<string>
        {
            $"{NumberText.Counted(respins.Generations, "model")} in {NumberText.Counted(respins.Years, "year")} on this chip: "
                + $"{NumberText.Range(chip)} USD.",
        };
        foreach (var other in systems.Skip(1))
        {
            var usd = other.CumulativeUsd[^1];
            list.Add(
                $"{other.Name}: {NumberText.Range(usd)} USD for the same tokens, "
                    + $"{NumberText.Significant(usd.Value / chip.Value)} times that; "
                    + (
                        other.ShortestRespinMonths is { } months
                            ? $"the chip is no dearer down to a new model every {NumberText.Counted(months, "month")}."
                            : "the chip is dearer at any pace."
                    )
            );
        }

        return list;
    }
}
