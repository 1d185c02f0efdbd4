using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Power;

/// <summary>Power of a card: energy per event times events per second, clocks, both at the supply voltage, leakage at the temperature that
/// the heat reaches, regulators
/// and the card.</summary>
public static class CardPower
{
    private const double PicoJoule = 1e-12;

    private const int AttentionSumBits = 24;

    /// <summary>A rail-to-rail clock edge moves four times the charge of a random data bit, which toggles every fourth cycle (kiln-phys
    /// specification, 2026).</summary>
    private const double ClockOverDataToggle = 4;

    /// <summary>Power at a token rate.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="technology">Process constants with the power factor.</param>
    /// <param name="area">Area of one die.</param>
    /// <param name="activity">Events per token.</param>
    /// <param name="schedule">Phases, for events that grow with the context.</param>
    /// <param name="positions">Attended positions of the mean token.</param>
    /// <param name="tokensPerSecond">Answer tokens per second of all users at the nominal clock; 0 for an idle card.</param>
    /// <param name="offClock">Says what is read from HBM.</param>
    public static PowerBreakdown At(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        in TokenActivity activity,
        TokenSchedule schedule,
        double positions,
        double tokensPerSecond,
        in OffDieTiming offClock = default
    ) =>
        At(
            fabric,
            technology,
            area,
            activity,
            tokensPerSecond > 0 ? TokenActivity.AtContext(schedule, positions) : default,
            SupplyVoltage.Of(fabric, technology),
            positions,
            tokensPerSecond,
            offClock
        );

    // The same with what many evaluations share: events of the context that constants do not change, and the supply voltage.
    internal static PowerBreakdown At(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        in TokenActivity activity,
        (double VectorOperations, double KvBits, double KvReadBits) events,
        double volts,
        double positions,
        double tokensPerSecond,
        in OffDieTiming offClock
    )
    {
        var full = Switching(fabric, technology, area, activity, events, volts, positions, tokensPerSecond, offClock);
        var switching =
            full.PackageLinkWatts
            + full.HbmWatts
            + full.RomWatts
            + full.ColumnsWatts
            + full.ProductsWatts
            + full.ReductionWatts
            + full.NetworkWatts
            + full.VectorWatts
            + full.KvSramWatts
            + full.AttentionWatts
            + full.SamplerWatts
            + full.DieLinkWatts
            + full.ClockWatts;
        var (fraction, celsius, leakage) = Settle(fabric, technology, area, switching, volts);
        var die = (switching * fraction) + leakage;
        return new PowerBreakdown
        {
            RomWatts = full.RomWatts * fraction,
            ColumnsWatts = full.ColumnsWatts * fraction,
            ProductsWatts = full.ProductsWatts * fraction,
            ReductionWatts = full.ReductionWatts * fraction,
            NetworkWatts = full.NetworkWatts * fraction,
            VectorWatts = full.VectorWatts * fraction,
            KvSramWatts = full.KvSramWatts * fraction,
            AttentionWatts = full.AttentionWatts * fraction,
            SamplerWatts = full.SamplerWatts * fraction,
            DieLinkWatts = full.DieLinkWatts * fraction,
            PackageLinkWatts = full.PackageLinkWatts * fraction,
            HbmWatts = full.HbmWatts * fraction,
            ClockWatts = full.ClockWatts * fraction,
            LeakageWatts = leakage,
            RegulatorWatts = die * ((1 / technology.Thermal.RegulatorEfficiency) - 1),
            CardWatts = full.CardWatts,
            JunctionCelsius = celsius,
            ClockFraction = fraction,
        };
    }

    // Parts that switch, at the nominal clock: no leakage, no regulators.
    private static PowerBreakdown Switching(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        in TokenActivity activity,
        (double VectorOperations, double KvBits, double KvReadBits) events,
        double volts,
        double positions,
        double tokensPerSecond,
        in OffDieTiming offClock
    )
    {
        var e = technology.Energy;
        var (vectorOperations, kvBits, kvReadBits) = events;
        var voltage = SupplyVoltage.EnergyFactor(technology.Supply, volts);
        var rate = tokensPerSecond * PicoJoule * technology.Calibration.Power * voltage;
        var pitch = area.SitePitchMm;
        var bank = fabric.Bank.BankStyle.Energy(fabric.Bank, fabric.Numerics.ActivationBits, e, pitch);
        var sumPj = e.AddPjPerBit + e.FlipFlopPj;
        var attentionMac = (fabric.Numerics.ActivationBits * fabric.Numerics.KvBits * e.MultiplyPjPerBit2) + (AttentionSumBits * sumPj);
        // Adapters in SRAM use the attention's multipliers: activation bits times stored bits, one sum each.
        var adapters =
            (activity.AdapterBits * fabric.Numerics.ActivationBits * e.MultiplyPjPerBit2)
            + (activity.AdapterMultiplications * AttentionSumBits * sumPj);
        return new PowerBreakdown
        {
            RomWatts = rate * activity.RomBits * bank.StoredBitPj,
            ColumnsWatts = rate * activity.ColumnOperations * bank.WeightPj,
            ProductsWatts = rate * activity.RowReads * bank.ActivationPj,
            ReductionWatts = rate * ((activity.ReductionBits * sumPj) + (activity.ReductionBitSites * pitch * e.WirePjPerBitMm)),
            NetworkWatts = rate * activity.NetworkBitHops * e.HopPjPerBit,
            VectorWatts = rate * vectorOperations * e.VectorOperationPj,
            KvSramWatts = rate * kvBits * e.SramPjPerBit,
            AttentionWatts = rate * ((kvReadBits / fabric.Numerics.KvBits * activity.QueriesPerRead * attentionMac) + adapters),
            SamplerWatts = rate * activity.Logits * fabric.Network.PartialSumBits * sumPj,
            DieLinkWatts = rate / voltage * activity.DieLinkBits * e.DieToDiePjPerBit,
            PackageLinkWatts = fabric.System.Link is { } link ? tokensPerSecond * PicoJoule * activity.PackageLinkBits * link.PjPerBit : 0,
            HbmWatts = fabric.Hbm is { } stacks
                ? (fabric.Dies * stacks.StacksPerDie * stacks.IdleWattsPerStack)
                    + (tokensPerSecond * PicoJoule * 8 * offClock.HbmBytes(positions) * stacks.PjPerBit)
                : 0,
            ClockWatts = ClockWatts(fabric, technology, area, volts),
            LeakageWatts = 0,
            RegulatorWatts = 0,
            CardWatts = fabric.Cards * fabric.Card.OverheadWatts,
            JunctionCelsius = 0,
            ClockFraction = 1,
        };
    }

    /// <summary>
    /// What the clock costs whether tokens flow or not: control registers of every bank, the trunk to every bank, and the gated registers
    /// of lanes, attention multipliers and routers. Columns of idle banks are gated at the bank and cost nothing here.
    /// </summary>
    public static double ClockWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area) =>
        ClockWatts(fabric, technology, area, SupplyVoltage.Of(fabric, technology));

    private static double ClockWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area, double volts)
    {
        var e = technology.Energy;
        var perSecond =
            fabric.ClockGhz
            * 1e9
            * PicoJoule
            * fabric.Dies
            * technology.Calibration.Power
            * SupplyVoltage.EnergyFactor(technology.Supply, volts);
        double sites = fabric.Sites.PerDie;
        var control = sites * fabric.Bank.ControlFlipFlops * e.FlipFlopPj;
        var trunk = sites * area.SitePitchMm * e.WirePjPerBitMm * ClockOverDataToggle;
        const int routerPorts = 5;
        var routers = sites / (fabric.Sites.TileColumns * fabric.Sites.TileRows) * routerPorts * fabric.Network.LinkBits * e.FlipFlopPj;
        var lanes = fabric.Vector.Lanes * e.VectorOperationPj;
        var attention = DieArea.AttentionMacs(fabric) * AttentionSumBits * e.FlipFlopPj;
        return perSecond * (control + trunk + (e.IdleFraction * (routers + lanes + attention)));
    }

    /// <summary>Leakage of all dies at a junction temperature, watts.</summary>
    public static double LeakageWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area, double celsius) =>
        ReferenceLeakageWatts(fabric, technology, area, SupplyVoltage.Of(fabric, technology)) * Warmth(technology, celsius);

    private static double Warmth(TechnologySpec technology, double celsius) =>
        Math.Exp(technology.Leakage.PerKelvin * (celsius - technology.Leakage.ReferenceCelsius));

    // At the temperature at which the process states it.
    private static double ReferenceLeakageWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area, double volts)
    {
        var l = technology.Leakage;
        var memory = area.RomMm2 * fabric.Bank.BankStyle.MemoryLeakageFraction(l);
        var logicArea = area.TotalMm2.Value - area.RomMm2 - area.KvSramMm2 + memory;
        const double bitsPerMib = 1 << 20;
        var sram =
            ((fabric.KvSram.CapacityMb * 8e6) + (fabric.Bank.InSram ? fabric.Sites.PerDie * fabric.Bank.CapacityBits : 0))
            / bitsPerMib
            * l.SramMilliwattsPerMib
            * 1e-3;
        return fabric.Dies * ((logicArea * l.LogicWattsPerMm2) + sram) * SupplyVoltage.LeakageFactor(technology.Supply, volts);
    }

    // Temperature rises with power and leakage with temperature: T = inlet + R/A (s·switching + leakage(T)). The largest s ≤ 1 with T ≤
    // maximum is taken.
    private static (double Fraction, double Celsius, double Leakage) Settle(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        double switching,
        double volts
    )
    {
        var t = technology.Thermal;
        var reference = ReferenceLeakageWatts(fabric, technology, area, volts);
        var kelvinPerWatt = t.ResistanceKMm2PerWatt / (area.TotalMm2.Value * fabric.Dies);
        var celsius = (double)t.InletCelsius;
        for (var i = 0; i < 60; i++)
        {
            var next = t.InletCelsius + (kelvinPerWatt * (switching + (reference * Warmth(technology, celsius))));
            if (next > t.MaximumCelsius)
                break;
            if (next - celsius < 1e-9)
                return (1, next, reference * Warmth(technology, next));
            celsius = next;
        }

        // Hotter than allowed: run at the limit with what switching the heat path leaves beside leakage there.
        var leakage = reference * Warmth(technology, t.MaximumCelsius);
        var budget = ((t.MaximumCelsius - t.InletCelsius) / kelvinPerWatt) - leakage;
        return (Math.Clamp(budget / switching, 0, 1), t.MaximumCelsius, leakage);
    }
}
