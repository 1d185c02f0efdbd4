using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Yield;

namespace TaalasSim.Reports.Validation;

/// <summary>A figure of a chip that someone may publish and the model can predict.</summary>
/// <param name="Name">Name in measurement files.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Group">Group in which its errors are scored.</param>
/// <param name="Read">Predicts it.</param>
public sealed record SiliconQuantity(string Name, string Unit, string Group, Func<DesignDraw, double> Read)
{
    private const double SecondsPerYear = 8760 * 3600;

    private const double JoulesPerKwh = 3.6e6;

    /// <summary>Everything that can be scored: the figures of every evaluation, and what follows from them.</summary>
    public static IReadOnlyList<SiliconQuantity> All { get; } =
    [
        .. FigureCatalog.All.Select(f => new SiliconQuantity(f.Key, f.Unit, GroupOf(f.Group), d => f.Read(d.Figures()))),
        new("us_per_token", "us", "speed", d => 1e6 / d.Figures().TokensPerSecondUser),
        new("attention_us_per_1000_positions", "us", "speed", d =>
            1e-3
            / d.Chip.Fabric.ClockGhz
            * d.Technology.Calibration.Latency
            * (
                ClosedFormLatency.TokenCycles(d.Chip.Schedule, d.Service.MeanContext + 1000)
                - ClosedFormLatency.TokenCycles(d.Chip.Schedule, d.Service.MeanContext)
            )
        ),
        new("tokens_per_year", "tokens/year", "speed", d => d.Figures().TokensPerSecondTotal * SecondsPerYear),
        new("macs_per_second", "MAC/s", "memory traffic", d => d.Chip.Activity.ColumnOperations * d.Figures().TokensPerSecondTotal),
        new("rom_read_tb_per_second", "TB/s", "memory traffic", d => d.Chip.Activity.RomBits / 8e12 * d.Figures().TokensPerSecondTotal),
        new("kv_read_tb_per_second", "TB/s", "memory traffic", d =>
            TokenActivity.AtContext(d.Chip.Schedule, d.Service.MeanContext).KvReadBits / 8e12 * d.Figures().TokensPerSecondTotal
        ),
        new("kv_bytes_per_token", "B", "memory traffic", d => d.Chip.KvBytes(1)),
        new("transistors", "transistors", "area", d => Area(d).Transistors * d.Chip.Fabric.Dies),
        new("million_transistors_per_mm2", "MTr/mm2", "area", d => Area(d).MillionTransistorsPerMm2),
        new("rom_mm2", "mm2", "area", d => Area(d).RomMm2),
        new("bank_memory_mb_per_mm2", "Mb/mm2", "area", d =>
            d.Chip.Fabric.Sites.PerDie * d.Chip.Fabric.Bank.CapacityBits / 1e6 / Area(d).RomMm2
        ),
        new("bank_picojoules_per_mac", "pJ", "power", BankPicojoulesPerMac),
        new("watts_per_cm2", "W/cm2", "power", d => d.Figures().Watts.Value / (d.Figures().DieMm2.Value * d.Chip.Fabric.Dies / 100)),
        new("picojoules_per_mac", "pJ", "power", d => d.Figures().JoulesPerToken.Value * 1e12 / d.Chip.Activity.ColumnOperations),
        new("explained_watts", "W", "power", ExplainedWatts),
        new("server_watts_of_ten_cards", "W", "power", d => 10 * (d.Figures().Watts.Value + d.Prices.Card.ServerShareWatts)),
        // The card alone: electricity_usd_per_million_tokens has its share of the server in it.
        new("card_electricity_usd_per_million_tokens", "USD/Mtok", "cost", d =>
            d.Figures().JoulesPerToken.Value * 1e6 / JoulesPerKwh * d.Prices.ElectricityUsdPerKwh * d.Prices.Pue
        ),
        new("wafer_usd_per_good_die_murphy", "USD", "cost", MurphyDieUsd),
        new("die_and_package_usd", "USD", "cost", d => d.Figures().DieUsd.Value + d.Prices.Card.PackageUsd),
        new("custom_masks_usd_per_card_of_1000", "USD", "cost", d =>
            ChipCost.CustomMasksUsd(d.Technology.Masks, respins: 0, distinctDies: d.Chip.Fabric.Dies) / 1000
        ),
        new("full_flow_process_weeks", "weeks", "cost", d => d.Technology.Masks.Layers * d.Technology.Masks.DaysPerLayer / 7),
    ];

    /// <summary>The quantity of that name, or null.</summary>
    public static SiliconQuantity? Find(string name) => All.FirstOrDefault(q => q.Name == name);

    /// <summary>Standard gate of a role, %: calibrated figures have to come out as fitted; what follows from structure alone may be further
    /// off, prices most.</summary>
    public double Gate(string role) =>
        role == "calibration" ? 3
        : Group == "cost" ? 25
        : 10;

    private static string GroupOf(FigureGroup group) =>
        group switch
        {
            FigureGroup.Power => "power",
            FigureGroup.Area => "area",
            FigureGroup.Cost => "cost",
            FigureGroup.Memory => "memory traffic",
            _ => "speed",
        };

    private static AreaBreakdown Area(DesignDraw d) => DieArea.Of(d.Chip.Fabric, d.Technology);

    // What energies per event, leakage and regulators add up to before the fitted power factor: it has to lie within an outside estimate of
    // the same sum.
    private static double ExplainedWatts(DesignDraw d)
    {
        var calibration = d.Technology.Calibration;
        var plain = FitCalibration.With(d.Technology, calibration.Area, 1);
        var p = CardPower.At(
            d.Chip.Fabric,
            plain,
            Area(d),
            d.Chip.Activity,
            d.Chip.Schedule,
            d.Service.MeanContext,
            d.Figures().TokensPerSecondTotal
        );
        return p.RomWatts + p.ColumnsWatts + p.ProductsWatts + p.KvSramWatts + p.AttentionWatts + p.LeakageWatts + p.RegulatorWatts;
    }

    // A macro as papers measure it: array, columns and broadcast of one bank, without clocks, network and leakage.
    private static double BankPicojoulesPerMac(DesignDraw d)
    {
        var (fabric, technology, activity) = (d.Chip.Fabric, d.Technology, d.Chip.Activity);
        var pitch = Area(d).SitePitchMm;
        var bank = fabric.Bank.BankStyle.Energy(fabric.Bank, fabric.Numerics.ActivationBits, technology.Energy, pitch);
        var perMac =
            bank.WeightPj + (((bank.ActivationPj * activity.RowReads) + (bank.StoredBitPj * activity.RomBits)) / activity.ColumnOperations);
        return perMac * technology.Calibration.Power * SupplyVoltage.EnergyFactor(technology.Supply, SupplyVoltage.Of(fabric, technology));
    }

    // Outside estimates divide the wafer price by gross dies (no edge exclusion, no scribe) times Murphy's yield.
    private static double MurphyDieUsd(DesignDraw d)
    {
        var (wafer, die) = (d.Technology.Wafer, d.Figures().DieMm2.Value);
        return wafer.PriceUsd
            / (DieYield.GrossDiesFormula(die, wafer.DiameterMm) * DieYield.Of(YieldModel.Murphy, die, wafer.DefectsPerCm2));
    }
}
