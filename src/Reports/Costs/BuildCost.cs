using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.ChipModel.Yield;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Provenance;

namespace TaalasSim.Reports.Costs;

/// <summary>Prices a chip and its alternatives.</summary>
public static class BuildCost
{
    /// <summary>Draws behind the intervals.</summary>
    public const int Draws = 400;

    private const double HoursPerYear = 8760;

    private const double HoursPerMonth = HoursPerYear / 12;

    /// <summary>The prices of a library with cards and use replaced where they are given.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="cards">Cards that share the one-time costs of the model; 0 takes the price list's.</param>
    /// <param name="utilisation">Share of the time under load, above 0 and at most 1; 0 takes the price list's.</param>
    public static PriceBook Prices(DesignLibrary library, int cards, double utilisation)
    {
        if (cards < 0)
            throw new InputException($"--cards {cards}: use 1 or more");
        if (!(utilisation >= 0 && utilisation <= 1))
            throw new InputException($"--utilisation {NumberText.Significant(utilisation)}: use a share above 0 and at most 1");
        var prices = library.Prices();
        var service = prices.Service;
        return prices with
        {
            Service = service with
            {
                CardsPerModel = cards > 0 ? Constant.Exact(cards, "cards", "given on the command line") : service.CardsPerModel,
                Utilisation = utilisation > 0 ? Constant.Exact(utilisation, "fraction", "given on the command line") : service.Utilisation,
            },
        };
    }

    /// <summary>The report.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="prices">Prices, as <see cref="Prices"/> gives them.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    public static CostReport From(DesignLibrary library, ChipPlan plan, PriceBook prices, int input, int output)
    {
        var chip = EvaluationInput.Of(plan);
        var one = new ServiceShape(input, output);
        one.Check();
        var users = BuildComparison.MostUsers(chip, one);
        if (users < 1)
            throw new InputException(
                $"keys and values of one user at {input} + {output} tokens do not fit the KV SRAM of {plan.Fabric.Name}; use shorter requests or more dies"
            );
        var technology = library.Technology(plan.Fabric.Technology);
        var anchor = library.Anchor(plan.Fabric.Technology);
        var full = new ChipUncertainty(chip, technology, prices, one with { Users = users }, anchor);
        var single = new ChipUncertainty(chip, technology, prices, one, anchor);
        var speed = single.Intervals([d => d.Figures().TokensPerSecondUser, d => d.Figures().UsdPerMillionTokens], Draws);

        UncertaintyRange[] Both(IReadOnlyList<Func<DesignDraw, double>> figures) => [.. full.Intervals(figures, Draws)];
        var entries = Entries();
        var figures = Both([.. entries.Select(e => e.Read)]);
        var list = entries.Zip(figures, (e, f) => new CostFigure(e.Key, e.Name, e.Unit, e.Formula, f)).ToList();
        var perToken = FigureDefinition.Named("usd_per_million_tokens");
        list.Add(new CostFigure("usd_per_million_tokens_one_user", "a million answer tokens, one user", "USD", perToken.Formula, speed[1]));
        list.Add(
            new CostFigure(
                "tokens_per_second_user",
                "speed for one user",
                "tokens/s",
                FigureDefinition.Named("tokens_per_second_user").Formula,
                speed[0]
            )
        );

        var alternatives = prices.Alternatives.Select(a => Alternative(library, plan.Model, prices, a, full, input, output)).ToList();
        var month = Both([.. CostReport.VolumesMillion.Select(v => (Func<DesignDraw, double>)(d => Chip(d, own: false).At(v)))]);
        return new CostReport
        {
            Model = plan.Model.Name,
            Fabric = plan.Fabric.Name,
            Prices = prices.Name,
            PricesDate = prices.Date,
            UsdPerMillionByUtilisation = Both([
                .. CostReport.Utilisations.Select(u => (Func<DesignDraw, double>)(d => Used(d, u).Figures().UsdPerMillionTokens)),
            ]),
            UsdPerMillionByWriteOff = Both([
                .. CostReport.WriteOffMonths.Select(m => (Func<DesignDraw, double>)(d => WrittenOff(d, m).Figures().UsdPerMillionTokens)),
            ]),
            YieldModel = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"negative binomial, {DieYield.Formula(YieldModel.NegativeBinomial)}, alpha = {technology.Wafer.ClusteringAlpha.Value:0.###}, D = {technology.Wafer.DefectsPerCm2.Value:0.###}/cm²{(plan.Fabric.HasSpares ? ", after repair by spares" : "")}"
            ),
            CardsPerModel = prices.Service.CardsPerModel,
            Users = users,
            Figures = list,
            UsdPerMonth = month,
            OwnModelUsdPerMonth = Both([
                .. CostReport.VolumesMillion.Select(v => (Func<DesignDraw, double>)(d => Chip(d, own: true).At(v))),
            ]),
            Alternatives = alternatives,
            Verdict = CostVerdict.Sentences(
                prices.Service.CardsPerModel,
                speed[0],
                full.Intervals([d => Chip(d, own: false).At(CostVerdict.ClaimedMillion)], Draws)[0],
                alternatives
            ),
        };
    }

    /// <summary>The derivation of a field of the report: at full batch, or for one user where the field says so.</summary>
    /// <exception cref="InputException">No such field.</exception>
    public static Explanation Explain(DesignLibrary library, ChipPlan plan, PriceBook prices, string field, int input, int output)
    {
        if (ReportFields.Find(field) is { } meaning && Find(field) is null)
            return meaning;
        var one = new ServiceShape(input, output);
        one.Check();
        var chip = EvaluationInput.Of(plan);
        var single = field is "usd_per_million_tokens_one_user" or "tokens_per_second_user";
        var service = single ? one : one with { Users = Math.Max(1, BuildComparison.MostUsers(chip, one)) };
        var study = new ChipUncertainty(
            chip,
            library.Technology(plan.Fabric.Technology),
            prices,
            service,
            library.Anchor(plan.Fabric.Technology)
        );
        if (field == "usd_per_million_tokens_one_user")
            return study.Explain("usd_per_million_tokens") with { Name = field };
        return Find(field) is { } entry ? study.Explain(field, entry.Unit, entry.Formula, entry.Read) : study.Explain(field);
    }

    /// <summary>The chip's cost by volume.</summary>
    /// <param name="design">Draw.</param>
    /// <param name="own">Whether all one-time costs are paid by this one operator instead of being shared over the cards of the
    /// run.</param>
    internal static MonthlyCost Chip(DesignDraw design, bool own)
    {
        var (f, p) = (design.Figures(), design.Prices);
        var months = 12 * p.Service.LifeYears;
        var card = (f.CardUsd / (1 - p.Card.GrossMargin)) + (design.Chip.Fabric.Cards * p.Card.ServerShareUsd);
        var once = own ? f.OneTimeUsdPerModel / months : 0;
        if (!own)
            card += design.Chip.Fabric.Cards * f.OneTimeUsdPerModel / p.Service.CardsPerModel;
        return Owned(p, card, once, f.Watts + (design.Chip.Fabric.Cards * p.Card.ServerShareWatts), f.TokensPerSecondTotal);
    }

    private static MonthlyCost Owned(PriceBook p, double cardUsd, double onceUsd, double watts, double tokensPerSecond) =>
        new(
            onceUsd,
            (cardUsd / (12 * p.Service.LifeYears)) + (watts / 1000 * p.HostingUsdPerKwYear / 12),
            watts / 1000 / 3600 * p.ElectricityUsdPerKwh * p.Pue / tokensPerSecond * 1e6,
            Capacity(p, tokensPerSecond)
        );

    private static double Capacity(PriceBook p, double tokensPerSecond) =>
        tokensPerSecond * 3600 * HoursPerMonth * p.Service.Utilisation / 1e6;

    private static MonthlyCost Of(Alternative a, PriceBook p, double watts, double tokensPerSecond) =>
        a.Kind switch
        {
            "api" => new(0, 0, a.Usd, double.PositiveInfinity),
            "hourly" => new(0, a.Usd * HoursPerMonth, 0, Capacity(p, tokensPerSecond)),
            "card" => Owned(p, a.Usd + p.Card.ServerShareUsd, 0, watts + p.Card.ServerShareWatts, tokensPerSecond),
            _ => throw new InputException($"prices {p.Name}: alternative '{a.Name}' has kind '{a.Kind}'; use hourly, card or api"),
        };

    private static CostAlternative Alternative(
        DesignLibrary library,
        ModelShape model,
        PriceBook prices,
        Alternative a,
        ChipUncertainty chip,
        int input,
        int output
    )
    {
        GpuView? one = null,
            full = null;
        if (a.Kind != "api")
        {
            var card = library.Gpus.Card(a.Name.Split(' ')[0]);
            var format = card.Fp8Tflops is null ? "bf16" : "fp8";
            var service = new GpuService
            {
                WeightFormat = format,
                KvFormat = format,
                InputTokens = input,
                OutputTokens = output,
            };
            var engine = library.Gpus.Engine("tensorrt-llm");
            try
            {
                if (!model.Causal)
                    throw new InputException($"the model of GPUs decodes token by token, {model.Name} computes a canvas");
                one = GpuReference.Evaluate(card, engine, model, service, library.Gpus.Calibration);
                full = GpuReference.Saturated(card, engine, model, service, library.Gpus.Calibration);
            }
            catch (InputException e)
            {
                return new CostAlternative
                {
                    Name = a.Name,
                    Kind = a.Kind,
                    TokensPerSecondUser = null,
                    UsdPerMillionTokens = null,
                    UsdPerMonth = [],
                    CrossOverMillionPerMonth = null,
                    OwnModelCrossOverMillionPerMonth = null,
                    Unavailable = e.Message,
                };
            }
        }

        var watts = full?.Watts.Value ?? 0;
        var rate = full?.TokensPerSecondTotal ?? UncertaintyRange.Exact(1);
        // Ends: the dearest price at the slowest rate and the other way round; what a card-hour costs besides its price is drawn with the
        // chip.
        double Million(double usd, double tokensPerSecond, double? utilisation = null) =>
            ChipCost.AlternativeUsdPerMillion(
                Priced(a, usd),
                utilisation is { } u ? WithUtilisation(prices, u) : prices,
                watts,
                tokensPerSecond
            );
        UncertaintyRange PerMillion(double? utilisation = null) =>
            new(
                Million(a.Usd.Value, rate.Value, utilisation),
                Million(a.Usd.Low, rate.High, utilisation),
                Million(a.Usd.High, rate.Low, utilisation)
            );
        Func<DesignDraw, double> Cross(bool own, double usd) =>
            d => Chip(d, own).CrossOver(Of(Priced(a, usd), d.Prices, watts, rate.Value));
        var crossings = chip.Intervals(
            [.. from own in new[] { false, true } from usd in new[] { a.Usd.Value, a.Usd.Low, a.Usd.High } select Cross(own, usd)],
            Draws
        );
        UncertaintyRange Crossing(int from) => new(crossings[from].Value, crossings[from + 2].Low, crossings[from + 1].High);
        var (middle, least, most) = (
            Of(a, prices, watts, rate.Value),
            Of(Priced(a, a.Usd.Low), prices, watts, rate.High),
            Of(Priced(a, a.Usd.High), prices, watts, rate.Low)
        );
        var perMillion = PerMillion();
        UncertaintyRange Requests(double inLow, double inValue, double inHigh) =>
            new(
                1e-3 * ((input * inValue) + (output * perMillion.Value)),
                1e-3 * ((input * inLow) + (output * perMillion.Low)),
                1e-3 * ((input * inHigh) + (output * perMillion.High))
            );
        return new CostAlternative
        {
            Name = a.Name,
            Kind = a.Kind,
            TokensPerSecondUser = one?.TokensPerSecondUser,
            UsdPerMillionTokens = perMillion,
            UsdPerThousandRequests = a.InputUsd is { } i ? Requests(i.Low, i.Value, i.High) : Requests(0, 0, 0),
            UsdPerMillionByUtilisation = [.. CostReport.Utilisations.Select(u => PerMillion(u))],
            UsdPerMonth = [.. CostReport.VolumesMillion.Select(v => new UncertaintyRange(middle.At(v), least.At(v), most.At(v)))],
            CrossOverMillionPerMonth = Crossing(0),
            OwnModelCrossOverMillionPerMonth = Crossing(3),
        };
    }

    private static PriceBook WithUtilisation(PriceBook prices, double utilisation) =>
        prices with
        {
            Service = prices.Service with { Utilisation = Constant.Exact(utilisation, "fraction", "row of the table") },
        };

    private static DesignDraw Used(DesignDraw d, double utilisation) => d with { Prices = WithUtilisation(d.Prices, utilisation) };

    private static DesignDraw WrittenOff(DesignDraw d, int months) =>
        d with
        {
            Prices = d.Prices with
            {
                Service = d.Prices.Service with { LifeYears = Constant.Exact(months / 12.0, "years", "row of the table") },
            },
        };

    private static double Million(DesignDraw d, double usdPerHour) =>
        usdPerHour / (d.Figures().TokensPerSecondTotal * 3600 * d.Prices.Service.Utilisation) * 1e6;

    private static double Kilowatts(DesignDraw d) => (d.Figures().Watts + (d.Chip.Fabric.Cards * d.Prices.Card.ServerShareWatts)) / 1000;

    /// <summary>A figure of the report that is not one of every evaluation, for derivations.</summary>
    internal static (string Unit, string Formula, Func<DesignDraw, double> Read)? Find(string key)
    {
        foreach (var e in Entries())
            if (e.Key == key)
                return (e.Unit, e.Formula, e.Read);
        return key switch
        {
            "usd_per_month" => (
                "USD",
                "once + fixed × max(1, volume / capacity) + each × volume, here at 10,000 million tokens; fixed = write-off and hosting of a card, each = electricity, capacity = tokens_per_second_total × month × utilisation",
                d => Chip(d, own: false).At(10_000)
            ),
            "own_model_usd_per_month" => (
                "USD",
                "as usd_per_month, with all one_time_usd_per_model written off over the same life, here at 10,000 million tokens",
                d => Chip(d, own: true).At(10_000)
            ),
            "usd_per_million_by_utilisation" => ("USD", "usd_per_million_tokens at another utilisation, here 0.25", d =>
                Used(d, 0.25).Figures().UsdPerMillionTokens
            ),
            "usd_per_million_by_write_off" => ("USD", "usd_per_million_tokens at another life, here 24 months", d =>
                WrittenOff(d, 24).Figures().UsdPerMillionTokens
            ),
            "cards_per_model" => ("cards", "cards of the run, prices.service.cards_per_model or --cards", d =>
                d.Prices.Service.CardsPerModel
            ),
            _ => null,
        };
    }

    private static Alternative Priced(Alternative a, double usd) => a with { Usd = a.Usd with { Value = usd } };

    private static List<(string Key, string Name, string Unit, string Formula, Func<DesignDraw, double> Read)> Entries()
    {
        (string, string, string, string, Func<DesignDraw, double>) Field(string key, string name, string unit, string? field = null) =>
            (key, name, unit, FigureDefinition.Named(field ?? key).Formula, d => FigureDefinition.Named(field ?? key).Read(d.Figures()));
        return
        [
            Field("die_mm2", "area of one die", "mm²"),
            Field("dies_per_wafer", "dies on a wafer", ""),
            Field("yield", "good dies", ""),
            Field("die_usd", "one good die, tested", "USD"),
            Field("card_usd", "card at cost", "USD"),
            ("card_price_usd", "card at its price", "USD", "card_usd / (1 − gross margin)", d =>
                d.Figures().CardUsd / (1 - d.Prices.Card.GrossMargin)
            ),
            ("custom_masks_usd", "masks of the two customised layers", "USD", "2 × custom mask × dies", d =>
                ChipCost.CustomMasksUsd(d.Technology.Masks, respins: 0, distinctDies: d.Chip.Fabric.Dies)
            ),
            ("base_masks_usd", "all other masks, once per fabric", "USD", "mask set − 2 × custom mask", d =>
                ChipCost.BaseMasksUsdPerModel(d.Technology.Masks, 1)
            ),
            Field("one_time_usd_per_model", "one-time costs of a model", "USD"),
            Field("turnaround_weeks", "from a finished model to cards", "weeks"),
            Field("usd_per_million_tokens", "a million answer tokens, full batch", "USD"),
            (
                "write_off_usd_per_million_tokens",
                "  of it write-off of cards and one-time costs",
                "USD",
                "(card_usd / (1 − margin) + cards × (server + one_time_usd_per_model / cards_per_model)) / life / (tokens_per_second_total × utilisation)",
                d =>
                    d.Figures().UsdPerMillionTokens
                    - Million(
                        d,
                        Kilowatts(d)
                            * (
                                (d.Prices.HostingUsdPerKwYear / HoursPerYear)
                                + (d.Prices.ElectricityUsdPerKwh * d.Prices.Pue * d.Prices.Service.Utilisation)
                            )
                    )
            ),
            (
                "hosting_usd_per_million_tokens",
                "  of it space and power capital",
                "USD",
                "(watts + server) × hosting / (tokens_per_second_total × utilisation)",
                d => Million(d, Kilowatts(d) * d.Prices.HostingUsdPerKwYear / HoursPerYear)
            ),
            (
                "electricity_usd_per_million_tokens",
                "  of it electricity",
                "USD",
                "(watts + server) × electricity × PUE / tokens_per_second_total",
                d => Million(d, Kilowatts(d) * d.Prices.ElectricityUsdPerKwh * d.Prices.Pue * d.Prices.Service.Utilisation)
            ),
            Field("usd_per_million_prompt_tokens", "a million prompt tokens", "USD"),
            Field("usd_per_thousand_requests", "a thousand requests, prompt and answer", "USD"),
            Field("joules_per_token", "energy of an answer token, full batch", "J"),
            Field("joules_per_prompt_token", "energy of a prompt token", "J"),
        ];
    }
}
