using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
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
    public static ChipFigures Evaluate(PreparedChip chip, TechnologySpec technology, PriceBook prices, ServiceShape service)
    {
        var fabric = chip.Fabric;
        var speed = ClosedFormLatency.Figures(chip.Schedule, service, fabric.ClockGhz * 1e9, technology.Calibration.Latency);
        var area = DieArea.Of(fabric, technology);
        var loaded = CardPower.At(fabric, technology, area, chip.Activity, chip.Schedule, service.MeanContext, speed.TokensPerSecondTotal);
        var idle = CardPower.At(fabric, technology, area, chip.Activity, chip.Schedule, service.MeanContext, 0);
        var total = speed.TokensPerSecondTotal * loaded.ClockFraction;

        var die = area.TotalMm2;
        var yield = Yield(fabric, technology, area);
        var gross = DieYield.GrossDies(die, technology.Wafer);
        var dieUsd = ChipCost.DieUsd(technology, prices, gross, yield);
        var cardUsd = ChipCost.CardUsd(prices, dieUsd, fabric.Dies);
        var oneTime = ChipCost.CustomMasksUsd(technology.Masks, prices.Service.Respins, distinctDies: fabric.Dies)
            + prices.Service.CompileUsd + (prices.PlatformUsd / prices.Service.ModelsPerPlatform);
        var capital = (cardUsd / (1 - prices.Card.GrossMargin)) + prices.Card.ServerShareUsd + (oneTime / prices.Service.CardsPerModel);
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
            UsdPerMillionTokens = ChipCost.UsdPerMillionTokens(prices, capital, loaded.TotalWatts + prices.Card.ServerShareWatts, total),
            TurnaroundWeeks = ChipCost.TurnaroundWeeks(technology.Masks),
            UsersInKvSram = Math.Max(0, (fabric.KvSram.CapacityMb * 1e6 * fabric.Dies) - chip.AdapterBytes) / chip.KvBytes(service.InputTokens + service.OutputTokens),
            UsersToSaturate = speed.UsersToSaturate,
            BindingUnit = speed.BindingUnit,
        };
    }

    /// <summary>Negative binomial over the die; with spare rows the ROM arrays are repaired and the rest counts.</summary>
    public static double Yield(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area)
    {
        var wafer = technology.Wafer;
        if (fabric.Bank.SpareRows == 0)
            return DieYield.Of(YieldModel.NegativeBinomial, area.TotalMm2, wafer.DefectsPerCm2, wafer.ClusteringAlpha);
        return DieYield.Of(YieldModel.NegativeBinomial, area.TotalMm2 - area.RomMm2, wafer.DefectsPerCm2, wafer.ClusteringAlpha)
            * DieYield.RepairedRom(area.RomMm2, area.Sites, wafer.DefectsPerCm2, fabric.Bank.SpareRows);
    }
}
