using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Reports.Workbooks;

/// <summary>The costs of a chip as inputs and formulas, and the value of one model's cards over their life.</summary>
public sealed class CostWorkbook
{
    private readonly List<WorkbookInput> _inputs = [];
    private readonly List<WorkbookFigure> _figures = [];
    private readonly List<WorkbookAlternative> _alternatives = [];

    private CostWorkbook(string model, string fabric, DateOnly date, ModelLife life) =>
        (Model, Fabric, Date, Life) = (model, fabric, date, life);

    /// <summary>Model.</summary>
    public string Model { get; }

    /// <summary>Fabric.</summary>
    public string Fabric { get; }

    /// <summary>Day of the price list.</summary>
    public DateOnly Date { get; }

    /// <summary>Money by month.</summary>
    public ModelLife Life { get; }

    /// <summary>First day with cards: a finished model on the day of the price list, and the weeks until its cards.</summary>
    public DateOnly InService { get; private init; }

    /// <summary>Day on which the model is retired.</summary>
    public DateOnly Retired { get; private init; }

    /// <summary>Net present value against each alternative, USD.</summary>
    public IReadOnlyList<(string Alternative, double NetPresentUsd)> Values =>
        [.. _alternatives.Select(a => (a.Name, Life.NetPresentUsd(a.UsdPerMillion)))];

    internal IReadOnlyList<WorkbookInput> Inputs => _inputs;

    internal IReadOnlyList<WorkbookFigure> Figures => _figures;

    internal IReadOnlyList<WorkbookAlternative> Alternatives => _alternatives;

    /// <summary>Collects inputs and formulas.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="report">What the command says at full batch.</param>
    /// <param name="input">Prompt tokens per request.</param>
    /// <param name="output">Answer tokens per request.</param>
    /// <exception cref="InputException">The price list has no date or no discount rate.</exception>
    public static CostWorkbook Of(DesignLibrary library, ChipPlan plan, PriceBook prices, CostReport report, int input, int output)
    {
        if (!DateOnly.TryParseExact(prices.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            throw new InputException($"prices {prices.Name}: date '{prices.Date}': write it as 2026-11-01");
        if (prices.DiscountRates.Count == 0)
            throw new InputException($"prices {prices.Name}: discount_rates: a workbook needs one; add a list with a constant");
        var technology = library.Technology(plan.Fabric.Technology);
        var chip = EvaluationInput.Of(plan);
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(input, output, report.Users));
        var life = LifeOf(prices, plan.Fabric, figures);
        var start = date.AddDays((int)Math.Round(7 * figures.TurnaroundWeeks));
        var book = new CostWorkbook(plan.Model.Name, plan.Fabric.Name, date, life)
        {
            InService = start,
            Retired = start.AddDays((int)Math.Round(365.25 * prices.Service.LifeYears)),
        };
        book.AddDesign(plan.Fabric, technology, figures, (input, output, report.Users));
        book.AddPrices(prices);
        book.AddChip(figures);
        book.AddAlternatives(library, plan.Model, prices, report, input, output);
        return book;
    }

    private static ModelLife LifeOf(PriceBook prices, FabricSpec fabric, ChipFigures f)
    {
        var systems = prices.Service.CardsPerModel / fabric.Cards;
        var watts = f.Watts.Value + (fabric.Cards * prices.Card.ServerShareWatts);
        var hourly =
            watts
            / 1000
            * (
                (prices.HostingUsdPerKwYear / ChipCost.HoursPerYear)
                + (prices.ElectricityUsdPerKwh * prices.Pue * prices.Service.Utilisation)
            );
        return new ModelLife(
            12 * prices.Service.LifeYears,
            prices.DiscountRates[0],
            (systems * (f.CardPriceUsd.Value + (fabric.Cards * prices.Card.ServerShareUsd))) + f.OneTimeUsdPerModel.Value,
            systems * hourly * ModelLife.HoursPerMonth,
            systems * f.TokensPerSecondTotal * 3600 * ModelLife.HoursPerMonth * prices.Service.Utilisation / 1e6
        );
    }

    private void AddDesign(FabricSpec fabric, TechnologySpec technology, ChipFigures f, (int Input, int Output, int Users) service)
    {
        var design = $"fabric {fabric.Name}";
        const string Modelled = "modelled: ./taalas cost --explain ";
        Exact("input_tokens", service.Input, "tokens", "asked for");
        Exact("output_tokens", service.Output, "tokens", "asked for");
        Exact("users", service.Users, "users", "slots of the card, keys and values that fit");
        Exact("dies", fabric.Dies, "dies", design);
        Exact("cards", fabric.Cards, "cards", design);
        Exact("dies_per_package", fabric.DiesPerPackage, "dies", design);
        Exact("custom_masks", fabric.CustomMasks, "masks", design);
        Exact("has_masks", fabric.Bank.InSram ? 0 : 1, "1", $"{design}: 0 where weights are in SRAM");
        Exact("hbm_stacks_per_die", fabric.Hbm?.StacksPerDie ?? 0, "stacks", design);
        Exact("hbm_usd_per_die", fabric.Hbm is { } h ? (h.StacksPerDie * h.StackUsd) + h.InterposerUsd : 0, "USD", design);
        Exact("gross_dies_per_wafer", f.DiesPerWafer, "dies", Modelled + FigureCatalog.DiesPerWafer.Key);
        Exact("yield_of_dies", f.Yield, "fraction", Modelled + FigureCatalog.Yield.Key);
        Exact("tokens_per_second", f.TokensPerSecondTotal, "tok/s", Modelled + FigureCatalog.UsdPerMillionTokens.Key);
        Exact("watts", f.Watts.Value, "W", Modelled + FigureCatalog.JoulesPerToken.Key);
        Exact("prompt_tokens_per_second", f.PromptTokensPerSecond, "tok/s", Modelled + FigureCatalog.UsdPerMillionPromptTokens.Key);
        Exact(
            "prompt_watts",
            f.JoulesPerPromptToken.Value * f.PromptTokensPerSecond,
            "W",
            Modelled + FigureCatalog.JoulesPerPromptToken.Key
        );
        Add("wafer_price_usd", technology.Wafer.PriceUsd);
        Add("mask_set_usd", technology.Masks.SetUsd);
        Add("custom_mask_usd", technology.Masks.CustomMaskUsd);
        Add("design_ratio", technology.Masks.DesignRatio);
        Add("mask_weeks", technology.Masks.MaskWeeks);
        Add("layers_after_custom", technology.Masks.LayersAfterCustom);
        Add("days_per_layer", technology.Masks.DaysPerLayer);
        Add("assembly_weeks", technology.Masks.AssemblyWeeks);
    }

    private void AddPrices(PriceBook prices)
    {
        Add("electricity_usd_per_kwh", prices.ElectricityUsdPerKwh);
        Add("pue", prices.Pue);
        Add("hosting_usd_per_kw_year", prices.HostingUsdPerKwYear);
        Add("package_usd", prices.Card.PackageUsd);
        Add("assembly_yield", prices.Card.AssemblyYield);
        Add("wafer_test_fraction", prices.Card.WaferTestFraction);
        Add("board_usd", prices.Card.BoardUsd);
        Add("server_share_usd", prices.Card.ServerShareUsd);
        Add("server_share_watts", prices.Card.ServerShareWatts);
        Add("gross_margin", prices.Card.GrossMargin);
        Add("life_years", prices.Service.LifeYears);
        Add("utilisation", prices.Service.Utilisation);
        Add("respins", prices.Service.Respins);
        Add("compile_usd", prices.Service.CompileUsd);
        Add("cards_per_model", prices.Service.CardsPerModel);
        Add("models_per_platform", prices.Service.ModelsPerPlatform);
        Add("platform_design_usd", prices.PlatformDesignUsd);
        Add("discount_rate", prices.DiscountRates[0]);
    }

    // The formulas of ChipCost, in its order.
    private void AddChip(ChipFigures f)
    {
        Figure(FigureCatalog.DieUsd, "wafer_price_usd/(gross_dies_per_wafer*yield_of_dies)*(1+wafer_test_fraction)", f);
        Figure(
            FigureCatalog.CardUsd,
            "dies*(die_usd+package_usd+hbm_usd_per_die)/assembly_yield^(dies_per_package*(1+hbm_stacks_per_die))+cards*board_usd",
            f
        );
        Figure(FigureCatalog.CardPriceUsd, "card_usd/(1-gross_margin)", f);
        Figure(FigureCatalog.CustomMasksUsd, "custom_mask_usd*dies*custom_masks", f);
        Figure(FigureCatalog.BaseMasksUsd, "MAX(0,mask_set_usd-custom_masks*custom_mask_usd)", f);
        Figure(
            FigureCatalog.OneTimeUsdPerModel,
            "has_masks*custom_masks_usd*(1+respins)+compile_usd+(platform_design_usd*design_ratio+mask_set_usd)/models_per_platform",
            f
        );
        Figure(FigureCatalog.TurnaroundWeeks, "has_masks*(mask_weeks+layers_after_custom*days_per_layer/7+assembly_weeks)", f);
        var capital = "(card_price_usd+cards*(server_share_usd+one_time_usd_per_model/cards_per_model))";
        var hours = $"(tokens_per_second*3600*utilisation/1000000)";
        Figure(FigureCatalog.WriteOffUsdPerMillionTokens, $"{capital}/(life_years*8760)/{hours}", f);
        Figure(FigureCatalog.HostingUsdPerMillionTokens, $"(watts+cards*server_share_watts)/1000*hosting_usd_per_kw_year/8760/{hours}", f);
        Figure(
            FigureCatalog.ElectricityUsdPerMillionTokens,
            $"(watts+cards*server_share_watts)/1000*electricity_usd_per_kwh*pue*utilisation/{hours}",
            f
        );
        var parts = new[]
        {
            FigureCatalog.WriteOffUsdPerMillionTokens,
            FigureCatalog.HostingUsdPerMillionTokens,
            FigureCatalog.ElectricityUsdPerMillionTokens,
        };
        Figure(FigureCatalog.UsdPerMillionTokens, string.Join('+', parts.Select(p => p.Key)), f);
        Figure(
            FigureCatalog.UsdPerMillionPromptTokens,
            "IF(prompt_tokens_per_second=0,0,("
                + $"{capital}/(life_years*8760)+(prompt_watts+cards*server_share_watts)/1000*(hosting_usd_per_kw_year/8760"
                + "+electricity_usd_per_kwh*pue*utilisation))/(MAX(1,prompt_tokens_per_second)*3600*utilisation/1000000))",
            f
        );
        Figure(
            FigureCatalog.UsdPerThousandRequests,
            $"(input_tokens*{FigureCatalog.UsdPerMillionPromptTokens.Key}+output_tokens*{FigureCatalog.UsdPerMillionTokens.Key})/1000",
            f
        );
        Figure(FigureCatalog.JoulesPerToken, "watts/tokens_per_second", f);
    }

    private void AddAlternatives(DesignLibrary library, ModelShape model, PriceBook prices, CostReport report, int input, int output)
    {
        for (var i = 0; i < prices.Alternatives.Count; i++)
        {
            var (a, priced) = (prices.Alternatives[i], report.Alternatives[i]);
            if (priced.UsdPerMillionTokens is not { } perMillion)
                continue;
            var prefix = string.Create(CultureInfo.InvariantCulture, $"alternative_{i + 1}");
            Add($"{prefix}_usd", a.Usd);
            var formula = $"{prefix}_usd";
            if (a.Kind != "api")
            {
                var full = GpuViews.Of(library.Gpus, model, a.Name.Split(' ')[0], input, output).FullBatch!;
                var (rate, watts) = (full.TokensPerSecondTotal, full.Watts);
                const string Source = "modelled: docs/gpu-model.md, 90 % interval of cross-validation";
                _inputs.Add(new($"{prefix}_tokens_per_second", rate.Value, rate.Low, rate.High, "tok/s", Source, "medium"));
                _inputs.Add(new($"{prefix}_watts", watts.Value, watts.Low, watts.High, "W", Source, "medium"));
                var capacity = $"({prefix}_tokens_per_second*3600*utilisation/1000000)";
                formula =
                    a.Kind == "hourly"
                        ? $"{prefix}_usd/{capacity}"
                        : $"(({prefix}_usd+server_share_usd)/(life_years*8760)+({prefix}_watts+server_share_watts)/1000"
                            + $"*(hosting_usd_per_kw_year/8760+electricity_usd_per_kwh*pue*utilisation))/{capacity}";
            }

            _figures.Add(new($"{prefix}_usd_per_million", $"{a.Name}, per million tokens", formula, "USD", perMillion.Value));
            _alternatives.Add(new(a.Name, $"{prefix}_usd_per_million", perMillion.Value));
        }
    }

    private void Figure(FigureDefinition figure, string formula, ChipFigures f) =>
        _figures.Add(new(figure.Key, figure.Label, formula, figure.Unit, figure.Read(f)));

    private void Add(string name, Constant constant) => _inputs.Add(WorkbookInput.Of(name, constant));

    private void Exact(string name, double value, string unit, string source) =>
        _inputs.Add(WorkbookInput.Exact(name, value, unit, source));
}
