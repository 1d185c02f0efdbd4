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
    public static ChipFigures Evaluate(EvaluationInput chip, TechnologySpec technology, PriceBook prices, ServiceShape service)
    {
        var fabric = chip.Fabric;
        var offClock = chip.OffDieTiming(service);
        var speed = chip.Speed(service, technology.Calibration.Latency);
        var (positions, context) = chip.PositionsOf(service);
        var area = DieArea.Of(fabric, technology);
        var loaded = CardPower.At(
            fabric,
            technology,
            area,
            chip.Activity,
            chip.Schedule,
            context,
            speed.TokensPerSecondTotal * positions,
            offClock
        );
        var idle = CardPower.At(fabric, technology, area, chip.Activity, chip.Schedule, context, 0);
        var promptRate = speed.PromptTokenSeconds > 0 ? 1 / speed.PromptTokenSeconds : 0;
        var prompt = CardPower.At(
            fabric,
            technology,
            area,
            chip.PromptActivity,
            chip.Schedule,
            0.5 * service.InputTokens,
            promptRate,
            offClock
        );
        promptRate *= prompt.ClockFraction;
        var total = speed.TokensPerSecondTotal * loaded.ClockFraction;

        var die = area.TotalMm2;
        var yield = Yield(fabric, technology, area);
        var gross = fabric.System.WaferScale ? 1 : DieYield.GrossDies(die, technology.Wafer);
        var dieUsd = ChipCost.DieUsd(technology, prices, gross, yield);
        var cardUsd = ChipCost.CardUsd(prices, fabric, dieUsd);
        var oneTime =
            (fabric.Bank.InSram ? 0 : ChipCost.CustomMasksUsd(technology.Masks, prices.Service.Respins, distinctDies: fabric.Dies))
            + prices.Service.CompileUsd
            + (prices.PlatformUsd / prices.Service.ModelsPerPlatform);
        var capital =
            (cardUsd / (1 - prices.Card.GrossMargin))
            + (fabric.Cards * (prices.Card.ServerShareUsd + (oneTime / prices.Service.CardsPerModel)));
        var server = fabric.Cards * prices.Card.ServerShareWatts;
        var usdPerMillion = ChipCost.UsdPerMillionTokens(prices, capital, loaded.TotalWatts + server, total);
        var usdPerMillionPrompt =
            promptRate > 0 ? ChipCost.UsdPerMillionTokens(prices, capital, prompt.TotalWatts + server, promptRate) : 0;
        return new ChipFigures
        {
            TokensPerSecondUser = speed.TokensPerSecondUser * loaded.ClockFraction,
            TokensPerSecondTotal = total,
            TimeToFirstTokenSeconds = speed.TimeToFirstTokenSeconds / loaded.ClockFraction,
            Watts = loaded.TotalWatts,
            IdleWatts = idle.TotalWatts,
            JoulesPerToken = loaded.TotalWatts / total,
            JunctionCelsius = loaded.JunctionCelsius,
            ClockFraction = loaded.ClockFraction,
            DieMm2 = die,
            Yield = yield,
            DiesPerWafer = gross,
            DieUsd = dieUsd,
            CardUsd = cardUsd,
            OneTimeUsdPerModel = oneTime,
            UsdPerMillionTokens = usdPerMillion,
            PromptTokensPerSecond = promptRate,
            JoulesPerPromptToken = promptRate > 0 ? prompt.TotalWatts / promptRate : 0,
            UsdPerMillionPromptTokens = usdPerMillionPrompt,
            UsdPerThousandRequests = 1e-3 * ((service.InputTokens * usdPerMillionPrompt) + (service.OutputTokens * usdPerMillion)),
            TurnaroundWeeks = fabric.Bank.InSram ? 0 : ChipCost.TurnaroundWeeks(technology.Masks),
            UsersInKvSram =
                Math.Max(0, (fabric.KvSram.CapacityMb * 1e6 * fabric.Dies) - chip.AdapterBytes)
                / chip.KvBytes(service.InputTokens + service.OutputTokens),
            UsersHeld = chip.UsersHeld(service.InputTokens + service.OutputTokens),
            UsersToSaturate = speed.UsersToSaturate,
            BindingUnit = speed.BindingUnit,
        };
    }

    /// <summary>Negative binomial over the die; with spares what they repair is taken off.</summary>
    public static double Yield(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area)
    {
        var wafer = technology.Wafer;
        return fabric.HasSpares
            ? RepairedDie.Yield(fabric, wafer, area)
            : DieYield.Of(YieldModel.NegativeBinomial, area.TotalMm2, wafer.DefectsPerCm2, wafer.ClusteringAlpha);
    }
}
