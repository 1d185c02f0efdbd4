using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Yield;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>All figures of a design point in one call: a few microseconds, no allocation.</summary>
public static class ChipEvaluation
{
    /// <summary>Evaluates a chip.</summary>
    /// <param name="chip">Prepared once from its plan.</param>
    /// <param name="technology">Process constants.</param>
    /// <param name="prices">Prices.</param>
    /// <param name="service">Lengths and users, each at least 1.</param>
    public static ChipFigures Evaluate(EvaluationInput chip, TechnologySpec technology, PriceBook prices, ServiceShape service) =>
        Evaluate(chip, technology, prices, service, ServiceWork.Of(chip, service));

    // With what no constant changes, counted once for all draws of a design point. A reading says how a published chip behaves in service
    // where its measurements contradict its structure; best estimates have none.
    internal static ChipFigures Evaluate(
        EvaluationInput chip,
        TechnologySpec technology,
        PriceBook prices,
        ServiceShape service,
        in ServiceWork work,
        ServiceReading? reading = null
    )
    {
        var fabric = chip.Fabric;
        var offDie = chip.OffDieTiming(service);
        var speed = Speed(chip, technology, service, work, reading, offDie);
        var area = DieArea.Of(fabric, technology);
        var load = Load(chip, technology, service, area, speed, work, offDie);
        var cost = Cost(fabric, technology, prices, area);
        var (total, promptRate) = (load.TokensPerSecond, load.PromptTokensPerSecond);
        var watts = load.Answer.TotalWatts.Value;
        var serverWatts = fabric.Cards * prices.Card.ServerShareWatts;
        var usdPerMillion = ChipCost.UsdPerMillionTokens(prices, cost.Capital, watts + serverWatts, total);
        var usdPerMillionPrompt =
            promptRate > 0 ? ChipCost.UsdPerMillionTokens(prices, cost.Capital, load.Prompt.TotalWatts.Value + serverWatts, promptRate) : 0;
        var running = ChipCost.RunningUsdPerMillionTokens(prices, watts + serverWatts, total);
        var kvBytes = chip.KvBytes(service.InputTokens + service.OutputTokens);
        return new ChipFigures
        {
            TokensPerSecondUser = speed.TokensPerSecondUser * load.Answer.ClockFraction,
            TokensPerSecondTotal = total,
            TimeToFirstTokenSeconds = speed.TimeToFirstTokenSeconds / load.Answer.ClockFraction,
            Watts = load.Answer.TotalWatts,
            IdleWatts = load.Idle.TotalWatts,
            JoulesPerToken = new(watts / total),
            JunctionCelsius = load.Answer.JunctionCelsius,
            ClockFraction = load.Answer.ClockFraction,
            DieMm2 = area.TotalMm2,
            Yield = cost.Yield,
            DiesPerWafer = cost.GrossDies,
            DieUsd = new(cost.Die),
            CardUsd = new(cost.Card),
            CardPriceUsd = new(cost.CardPrice),
            CustomMasksUsd = new(ChipCost.CustomMasksUsd(technology.Masks, 0, distinctDies: fabric.Dies, customMasks: fabric.CustomMasks)),
            BaseMasksUsd = new(ChipCost.BaseMasksUsdPerModel(technology.Masks, 1, fabric.CustomMasks)),
            OneTimeUsdPerModel = new(cost.OneTime),
            UsdPerMillionTokens = new(usdPerMillion),
            WriteOffUsdPerMillionTokens = new(usdPerMillion - running.Both),
            HostingUsdPerMillionTokens = new(running.Hosting),
            ElectricityUsdPerMillionTokens = new(running.Electricity),
            PromptTokensPerSecond = promptRate,
            JoulesPerPromptToken = new(promptRate > 0 ? load.Prompt.TotalWatts.Value / promptRate : 0),
            UsdPerMillionPromptTokens = new(usdPerMillionPrompt),
            UsdPerThousandRequests = new(1e-3 * ((service.InputTokens * usdPerMillionPrompt) + (service.OutputTokens * usdPerMillion))),
            TurnaroundWeeks = fabric.Bank.InSram ? 0 : ChipCost.TurnaroundWeeks(technology.Masks),
            UsersInKvSram = Math.Max(0, (fabric.KvSram.CapacityMb * 1e6 * fabric.Dies) - chip.AdapterBytes) / kvBytes,
            UsersHeld = chip.UsersHeld(service.InputTokens + service.OutputTokens),
            UsersToSaturate = speed.UsersToSaturate,
            BindingUnit = speed.BindingUnit,
        };
    }

    /// <summary>Power by part while the chip answers, by best estimates.</summary>
    /// <param name="chip">Prepared once from its plan.</param>
    /// <param name="technology">Process constants.</param>
    /// <param name="service">Lengths and users, each at least 1.</param>
    public static PowerBreakdown Power(EvaluationInput chip, TechnologySpec technology, ServiceShape service) =>
        Power(chip, technology, service, ServiceWork.Of(chip, service), null);

    /// <summary>Power by part while the chip answers.</summary>
    internal static PowerBreakdown Power(
        EvaluationInput chip,
        TechnologySpec technology,
        ServiceShape service,
        in ServiceWork work,
        ServiceReading? reading
    )
    {
        var offDie = chip.OffDieTiming(service);
        var speed = Speed(chip, technology, service, work, reading, offDie);
        return Load(chip, technology, service, DieArea.Of(chip.Fabric, technology), speed, work, offDie).Answer;
    }

    /// <summary>The figures with the intermediate results behind them, for derivations.</summary>
    public static EvaluationDetails Explain(EvaluationInput chip, TechnologySpec technology, PriceBook prices, ServiceShape service)
    {
        var area = DieArea.Of(chip.Fabric, technology);
        var speed = chip.Speed(service, technology.Calibration.Latency);
        return new EvaluationDetails
        {
            Figures = Evaluate(chip, technology, prices, service),
            Area = area,
            Power = Load(chip, technology, service, area, speed, ServiceWork.Of(chip, service), chip.OffDieTiming(service)).Answer,
            Schedule = chip.Schedule,
            Fabric = chip.Fabric,
            LatencyFactor = technology.Calibration.Latency,
            SupplyVolts = SupplyVoltage.Of(chip.Fabric, technology),
            Patches = chip.Patches,
            Service = service,
            KvBytesPerUser = chip.KvBytes(service.InputTokens + service.OutputTokens),
        };
    }

    /// <summary>Negative binomial over the die; with spares what they repair is taken off.</summary>
    public static double Yield(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area)
    {
        var wafer = technology.Wafer;
        return fabric.HasSpares
            ? RepairedDie.Yield(fabric, wafer, area)
            : DieYield.Of(YieldModel.NegativeBinomial, area.TotalMm2.Value, wafer.DefectsPerCm2, wafer.ClusteringAlpha);
    }

    private static LatencyFigures Speed(
        EvaluationInput chip,
        TechnologySpec technology,
        ServiceShape service,
        in ServiceWork work,
        ServiceReading? reading,
        in OffDieTiming offDie
    ) =>
        reading is { } inService ? inService.Speed(chip, service, technology.Calibration.Latency, offDie)
        : work.Cycles is { } cycles
            ? ClosedFormLatency.Figures(
                cycles,
                chip.Schedule.PackageLinkCycles,
                service,
                chip.Fabric.Clock,
                technology.Calibration.Latency,
                offDie
            )
        : chip.Speed(service, technology.Calibration.Latency);

    private static LoadFigures Load(
        EvaluationInput chip,
        TechnologySpec technology,
        ServiceShape service,
        in AreaBreakdown area,
        in LatencyFigures speed,
        in ServiceWork work,
        in OffDieTiming offDie
    )
    {
        var fabric = chip.Fabric;
        var (positions, context) = chip.PositionsOf(service);
        var rate = speed.TokensPerSecondTotal * positions;
        var volts = SupplyVoltage.Of(fabric, technology);
        var answer = CardPower.At(
            fabric,
            technology,
            area,
            chip.ActivityOf(service),
            rate > 0 ? work.AnswerEvents : default,
            volts,
            context,
            rate,
            offDie
        );
        var idle = CardPower.At(fabric, technology, area, chip.Activity, default, volts, context, 0, default);
        var promptRate = speed.PromptTokenSeconds.Value > 0 ? 1 / speed.PromptTokenSeconds.Value : 0;
        var prompt = CardPower.At(
            fabric,
            technology,
            area,
            chip.PromptActivity,
            promptRate > 0 ? work.PromptEvents : default,
            volts,
            ServiceWork.PromptContext(service),
            promptRate,
            offDie
        );
        var total = speed.TokensPerSecondTotal * answer.ClockFraction;
        return new LoadFigures(answer, idle, prompt, total, promptRate * prompt.ClockFraction);
    }

    private static CostParts Cost(FabricSpec fabric, TechnologySpec technology, PriceBook prices, in AreaBreakdown area)
    {
        var yield = Yield(fabric, technology, area);
        var gross = fabric.System.WaferScale ? 1 : DieYield.GrossDies(area.TotalMm2.Value, technology.Wafer);
        var die = ChipCost.DieUsd(technology, prices, gross, yield);
        var card = ChipCost.CardUsd(prices, fabric, die);
        var oneTime =
            (
                fabric.Bank.InSram
                    ? 0
                    : ChipCost.CustomMasksUsd(technology.Masks, prices.Service.Respins, fabric.CustomMasks, fabric.Dies, fabric.CustomMasks)
            )
            + prices.Service.CompileUsd
            + (ChipCost.PlatformUsd(prices, technology.Masks) / prices.Service.ModelsPerPlatform);
        var price = card / (1 - prices.Card.GrossMargin);
        var capital = price + (fabric.Cards * (prices.Card.ServerShareUsd + (oneTime / prices.Service.CardsPerModel)));
        return new CostParts(yield, gross, die, card, price, oneTime, capital);
    }

    /// <summary>Power of the cards at the rates of a service; rates are lowered by what heat takes off the clock.</summary>
    private readonly record struct LoadFigures(
        PowerBreakdown Answer,
        PowerBreakdown Idle,
        PowerBreakdown Prompt,
        double TokensPerSecond,
        double PromptTokensPerSecond
    );

    /// <summary>What a card costs before it serves a token, USD.</summary>
    private readonly record struct CostParts(
        double Yield,
        double GrossDies,
        double Die,
        double Card,
        double CardPrice,
        double OneTime,
        double Capital
    );
}
