using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Power;

/// <summary>Power of a card: energy per event times events per second, clocks, leakage at the temperature that the heat reaches, regulators
/// and the card.</summary>
public static class CardPower
{
    private const double PicoJoule = 1e-12;

    private const int ScaleBits = 8;

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
    )
    {
        var e = technology.Energy;
        var bank = fabric.Bank;
        var (vectorOperations, kvBits, kvReadBits) = tokensPerSecond > 0 ? TokenActivity.AtContext(schedule, positions) : default;
        var rate = tokensPerSecond * PicoJoule * technology.Calibration.Power;
        var pitch = area.SitePitchMm;

        var (column, products) = BankPicojoules(fabric, e, pitch);
        var attentionMac =
            (fabric.Numerics.ActivationBits * fabric.Numerics.KvBits * e.MultiplyPjPerBit2)
            + (AttentionSumBits * (e.AddPjPerBit + e.FlipFlopPj));

        var rom = bank.Style == BankSpec.AdderNetwork ? 0 : rate * activity.RomBits * (bank.InSram ? e.SramPjPerBit : e.RomReadPjPerBit);
        var columns = rate * activity.ColumnOperations * column;
        var productLines = rate * activity.RowReads * products;
        var reduction =
            rate * ((activity.ReductionBits * (e.AddPjPerBit + e.FlipFlopPj)) + (activity.ReductionBitSites * pitch * e.WirePjPerBitMm));
        var network = rate * activity.NetworkBitHops * e.HopPjPerBit;
        var vector = rate * vectorOperations * e.VectorOperationPj;
        var kv = rate * kvBits * e.SramPjPerBit;
        // Adapters in SRAM use the attention's multipliers: activation bits times stored bits, one sum each.
        var adapters =
            (activity.AdapterBits * fabric.Numerics.ActivationBits * e.MultiplyPjPerBit2)
            + (activity.AdapterMultiplications * AttentionSumBits * (e.AddPjPerBit + e.FlipFlopPj));
        var attention = rate * ((kvReadBits / fabric.Numerics.KvBits * activity.QueriesPerRead * attentionMac) + adapters);
        var sampler = rate * activity.Logits * fabric.Network.PartialSumBits * (e.AddPjPerBit + e.FlipFlopPj);
        var dieLink = rate * activity.DieLinkBits * e.DieToDiePjPerBit;
        var clock = ClockWatts(fabric, technology, area);
        var packageLink = fabric.System.Link is { } link ? tokensPerSecond * PicoJoule * activity.PackageLinkBits * link.PjPerBit : 0;
        var hbm = fabric.Hbm is { } stacks
            ? (fabric.Dies * stacks.StacksPerDie * stacks.IdleWattsPerStack)
                + (tokensPerSecond * PicoJoule * 8 * offClock.HbmBytes(positions) * stacks.PjPerBit)
            : 0;

        var switching =
            packageLink + hbm + rom + columns + productLines + reduction + network + vector + kv + attention + sampler + dieLink + clock;
        var (fraction, celsius, leakage) = Settle(fabric, technology, area, switching);
        var die = (switching * fraction) + leakage;
        return new PowerBreakdown
        {
            RomWatts = rom * fraction,
            ColumnsWatts = columns * fraction,
            ProductsWatts = productLines * fraction,
            ReductionWatts = reduction * fraction,
            NetworkWatts = network * fraction,
            VectorWatts = vector * fraction,
            KvSramWatts = kv * fraction,
            AttentionWatts = attention * fraction,
            SamplerWatts = sampler * fraction,
            DieLinkWatts = dieLink * fraction,
            PackageLinkWatts = packageLink * fraction,
            HbmWatts = hbm * fraction,
            ClockWatts = clock * fraction,
            LeakageWatts = leakage,
            RegulatorWatts = die * ((1 / technology.Thermal.RegulatorEfficiency) - 1),
            CardWatts = fabric.Cards * fabric.Card.OverheadWatts,
            JunctionCelsius = celsius,
            ClockFraction = fraction,
        };
    }

    /// <summary>Switching energy of one weight met by one activation, and of one activation brought to one bank, in pJ, by the bank's
    /// style.</summary>
    private static (double Weight, double Activation) BankPicojoules(FabricSpec fabric, EnergyConstants e, double pitch)
    {
        var (bank, bits) = (fabric.Bank, fabric.Numerics.ActivationBits);
        switch (bank.Style)
        {
            case BankSpec.Ternary:
                // Choosing costs as much as an addition of the activation's width; the sum is added and registered every row.
                return (
                    (bits * e.AddPjPerBit) + (bank.ColumnSumBits(bank.Rows, bits) * (e.AddPjPerBit + e.FlipFlopPj)),
                    bits * pitch * e.WirePjPerBitMm
                );
            case BankSpec.AdderNetwork:
                var adders = bank.AddersPerWeight is { } each ? (double)each : 0;
                var adder =
                    bank.AdderBitsPerCycle < bits
                        ? bank.PassCycles(bank.Rows, bits) * (e.AddPjPerBit + e.FlipFlopPj)
                        : BankGates.AdderBits(bank, bits) * e.AddPjPerBit;
                return (adders * adder, bits * (e.FlipFlopPj + (pitch * e.WirePjPerBitMm)));
            case BankSpec.SramMultiply:
                return (
                    (bits * bank.CodeBits * e.MultiplyPjPerBit2) + (bank.AccumulatorBits * (e.AddPjPerBit + e.FlipFlopPj)),
                    bits * pitch * e.WirePjPerBitMm
                );
            default:
                var (product, sum) = (bank.ProductBits(bits), bank.BlockSumBits(bits));
                // A selected product costs as much as an addition of its width; the block sum is added and registered every row, and once
                // per block scaled and accumulated.
                var row = (product * e.AddPjPerBit) + (sum * (e.AddPjPerBit + e.FlipFlopPj));
                var scale = (sum * ScaleBits * e.MultiplyPjPerBit2) + (bank.AccumulatorBits * (e.AddPjPerBit + (2 * e.FlipFlopPj)));
                // Codes m and −(m + 1) share a line.
                var lines = 1 << (bank.CodeBits - 1);
                return (row + (scale / bank.ScaleBlockRows), lines * product * (e.AddPjPerBit + (pitch * e.WirePjPerBitMm)));
        }
    }

    /// <summary>
    /// What the clock costs whether tokens flow or not: control registers of every bank, the trunk to every bank, and the gated registers
    /// of lanes, attention multipliers and routers. Columns of idle banks are gated at the bank and cost nothing here.
    /// </summary>
    public static double ClockWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area)
    {
        var e = technology.Energy;
        var perSecond = fabric.ClockGhz * 1e9 * PicoJoule * fabric.Dies * technology.Calibration.Power;
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
    public static double LeakageWatts(FabricSpec fabric, TechnologySpec technology, in AreaBreakdown area, double celsius)
    {
        var l = technology.Leakage;
        var logicArea = area.TotalMm2.Value - area.RomMm2 - area.KvSramMm2 + (fabric.Bank.InSram ? 0 : area.RomMm2 * l.RomFraction);
        const double bitsPerMib = 1 << 20;
        var sram =
            ((fabric.KvSram.CapacityMb * 8e6) + (fabric.Bank.InSram ? fabric.Sites.PerDie * fabric.Bank.CapacityBits : 0))
            / bitsPerMib
            * l.SramMilliwattsPerMib
            * 1e-3;
        return fabric.Dies * ((logicArea * l.LogicWattsPerMm2) + sram) * Math.Exp(l.PerKelvin * (celsius - l.ReferenceCelsius));
    }

    // Temperature rises with power and leakage with temperature: T = inlet + R/A (s·switching + leakage(T)). The largest s ≤ 1 with T ≤
    // maximum is taken.
    private static (double Fraction, double Celsius, double Leakage) Settle(
        FabricSpec fabric,
        TechnologySpec technology,
        in AreaBreakdown area,
        double switching
    )
    {
        var t = technology.Thermal;
        var kelvinPerWatt = t.ResistanceKMm2PerWatt / (area.TotalMm2.Value * fabric.Dies);
        var celsius = (double)t.InletCelsius;
        for (var i = 0; i < 60; i++)
        {
            var next = t.InletCelsius + (kelvinPerWatt * (switching + LeakageWatts(fabric, technology, area, celsius)));
            if (next > t.MaximumCelsius)
                break;
            if (next - celsius < 1e-9)
                return (1, next, LeakageWatts(fabric, technology, area, next));
            celsius = next;
        }

        // Hotter than allowed: run at the limit with what switching the heat path leaves beside leakage there.
        var leakage = LeakageWatts(fabric, technology, area, t.MaximumCelsius);
        var budget = ((t.MaximumCelsius - t.InletCelsius) / kelvinPerWatt) - leakage;
        return (Math.Clamp(budget / switching, 0, 1), t.MaximumCelsius, leakage);
    }
}
