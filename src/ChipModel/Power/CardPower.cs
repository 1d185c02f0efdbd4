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
        var (fraction, celsius, leakage) = Settle(fabric, technology, area, switching, volts, tokensPerSecond > 0);
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
            KvSramWatts = rate * kvBits * KvPjPerBit(fabric, e),
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

    /// <summary>Energy of a bit in the KV SRAM at nominal voltage, pJ: (capacity / 32 KiB)^a (64 bits / width)^b times the process's
    /// figure, with the exponents of the fabric.</summary>
    public static double KvPjPerBit(FabricSpec fabric, EnergyConstants energy)
    {
        var kv = fabric.KvSram;
        if (kv.CapacityExponent is null && kv.WidthExponent is null)
            return energy.SramPjPerBit;
        var capacity = kv.CapacityMb * 1e6 / kv.Banks / (32 << 10);
        return energy.SramPjPerBit
            * Math.Pow(capacity, kv.CapacityExponent?.Value ?? 0)
            * Math.Pow(8.0 / kv.PortBytes, kv.WidthExponent?.Value ?? 0);
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
        if (fabric.Gating is not { } gating)
            return perSecond * (control + trunk + (e.IdleFraction * (routers + lanes + attention)));
        return perSecond
            * (
                trunk
                + (Running(gating.Banks, 1, e) * control)
                + (Running(gating.Network, 0, e) * routers)
                + (Running(gating.Vector, 0, e) * lanes)
                + (Running(gating.Attention, 0, e) * attention)
            );
    }

    // Energy of a region's clocks over that of clocks that always run.
    private static double Running(RegionGating? region, double otherwise, EnergyConstants energy)
    {
        var duty = region?.ClockDuty?.Value ?? otherwise;
        return duty + ((1 - duty) * energy.IdleFraction);
    }

    /// <summary>Leakage of all dies of a card under load at a junction temperature, watts.</summary>
    public static double LeakageWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area, double celsius) =>
        ReferenceLeakageWatts(fabric, technology, area, SupplyVoltage.Of(fabric, technology), busy: true) * Warmth(technology, celsius);

    private static double Warmth(TechnologySpec technology, double celsius) =>
        Math.Exp(technology.Leakage.PerKelvin * (celsius - technology.Leakage.ReferenceCelsius));

    // At the temperature at which the process states it.
    private static double ReferenceLeakageWatts(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        double volts,
        bool busy
    )
    {
        var l = technology.Leakage;
        var memory = area.RomMm2 * fabric.Bank.BankStyle.MemoryLeakageFraction(l);
        var logicArea = area.TotalMm2.Value - area.RomMm2 - area.KvSramMm2 + memory;
        const double bitsPerMib = 1 << 20;
        var weightBits = fabric.Bank.InSram ? fabric.Sites.PerDie * fabric.Bank.CapacityBits : 0;
        var sram = ((fabric.KvSram.CapacityMb * 8e6) + weightBits) / bitsPerMib * l.SramMilliwattsPerMib * 1e-3;
        var saved = 0.0;
        if (fabric.Gating is { } gating)
        {
            var perBit = l.SramMilliwattsPerMib * 1e-3 / bitsPerMib;
            var banks = memory + area.ColumnsMm2 + area.BankControlMm2 + area.ReductionMm2;
            saved =
                (Saved(gating.Banks, busy) * ((banks * l.LogicWattsPerMm2) + (weightBits * perBit)))
                + (Saved(gating.KvSram, busy) * fabric.KvSram.CapacityMb * 8e6 * perBit)
                + (Saved(gating.Vector, busy) * area.VectorMm2 * l.LogicWattsPerMm2)
                + (Saved(gating.Attention, busy) * area.AttentionMm2 * l.LogicWattsPerMm2)
                + (Saved(gating.Network, busy) * area.NetworkMm2 * l.LogicWattsPerMm2);
        }

        return fabric.Dies
            * ((logicArea * l.LogicWattsPerMm2) + sram - saved)
            * SupplyVoltage.LeakageFactor(technology.Supply, volts);
    }

    private static double Saved(RegionGating? region, bool busy) => region?.Saved(busy) ?? 0;

    // Temperature rises with power and leakage with temperature: T = inlet + R/A (s·switching + leakage(T)). The largest s ≤ 1 with T ≤
    // maximum is taken.
    private static (double Fraction, double Celsius, double Leakage) Settle(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        double switching,
        double volts,
        bool busy
    )
    {
        var t = technology.Thermal;
        var reference = ReferenceLeakageWatts(fabric, technology, area, volts, busy);
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
