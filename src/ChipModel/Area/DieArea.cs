using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Area;

/// <summary>Area of a fabric's die from the parts up. It depends on no model: the fabric is the part of the chip that stays.</summary>
public static class DieArea
{
    private const double Um2PerMm2 = 1e6;

    /// <summary>Bits that an attention sum has beyond key times query: 128 elements and a sign.</summary>
    private const int AttentionSumBits = 24;

    /// <summary>Area of one die.</summary>
    public static AreaBreakdown Of(FabricSpec fabric, TechnologySpec technology)
    {
        var (logic, memory) = (technology.Logic, technology.Memory);
        var bank = fabric.Bank;
        var sites = fabric.Sites.PerDie;
        // The factor stands for the custom columns of the chip it was fitted on; a bank of SRAM and multipliers has none.
        double factor = bank.InSram ? 1 : technology.Calibration.Area;
        var cellUm2 = logic.GateEquivalentUm2 / logic.Utilisation;
        var datapathUm2 = logic.GateEquivalentUm2 / logic.DatapathUtilisation;

        var columnGe = bank.InSram ? MultiplierColumnGe(fabric, technology) : ColumnGe(fabric, technology);
        var columns = (double)sites * bank.Columns;
        // Only scaled sums and those of multipliers are gathered in a register file; an adder network stores nothing.
        var accumulatorBits = bank.Style is BankSpec.Ternary or BankSpec.AdderNetwork ? 0 : bank.AccumulatorBits;
        var stores = bank.Style != BankSpec.AdderNetwork;
        var columnUm2 = (columnGe * datapathUm2) + (accumulatorBits * memory.RegisterFileUm2PerBit);
        var controlGe = bank.InSram ? (2 * bank.Rows) + (bank.ControlFlipFlops * logic.FlipFlopGe) : BankControlGe(fabric, technology);
        var reductionGe = (double)fabric.Network.LinkBits * (logic.FullAdderGe + logic.FlipFlopGe);
        var rom = stores ? sites * bank.CapacityBits / 1e6 / (bank.InSram ? memory.SramMbPerMm2 : memory.RomMbPerMm2) * factor : 0;
        var columnsMm2 = columns * columnUm2 / Um2PerMm2 * factor;
        var control = sites * controlGe * cellUm2 / Um2PerMm2 * factor;
        var reduction = sites * reductionGe * cellUm2 / Um2PerMm2;
        var attentionMacs = AttentionMacs(fabric);
        var attentionGe =
            ((double)fabric.Numerics.ActivationBits * fabric.Numerics.KvBits * logic.FullAdderGe)
            + (AttentionSumBits * (logic.FullAdderGe + logic.FlipFlopGe));
        var samplerGe = fabric.Sampler.LogitsPerCycle * (double)fabric.Network.PartialSumBits * (logic.FullAdderGe + logic.FlipFlopGe);
        var kvBits = fabric.KvSram.CapacityMb * 8e6;
        var kv = kvBits / 1e6 / memory.SramMbPerMm2;
        var io = fabric.Card.PcieLanes * technology.Periphery.PcieLaneMm2;
        var vector = fabric.Vector.Lanes * logic.VectorLaneGe * cellUm2 / Um2PerMm2;
        var attention = attentionMacs * attentionGe * cellUm2 / Um2PerMm2;
        var network = technology.Periphery.NetworkFraction * (rom + columnsMm2 + control);
        if (fabric.DiesPerPackage > 1)
            io += DieEdgeMm2(fabric, technology);
        if (fabric.System.Link?.PhyMm2 is { } linkPhy && fabric.Packages > 1)
            io += linkPhy;
        var hbmPhy = fabric.Hbm is { } hbm ? hbm.StacksPerDie * hbm.PhyMm2 : 0;
        var redundancy = RedundancyMm2(fabric, technology, (columnsMm2 + control + reduction) / sites);
        var core =
            redundancy
            + hbmPhy
            + rom
            + columnsMm2
            + control
            + reduction
            + network
            + vector
            + kv
            + attention
            + (samplerGe * cellUm2 / Um2PerMm2)
            + io;
        // Frame of width w around a square core of side s: (s + 2w)² − s².
        double w = technology.Periphery.FrameMm;
        var logicGe =
            (columns * columnGe * factor)
            + (sites * (controlGe + reductionGe))
            + (fabric.Vector.Lanes * logic.VectorLaneGe)
            + (attentionMacs * attentionGe)
            + samplerGe;
        const int registerFileTransistors = 8;
        return new AreaBreakdown
        {
            RomMm2 = rom,
            ColumnsMm2 = columnsMm2,
            BankControlMm2 = control,
            ReductionMm2 = reduction,
            NetworkMm2 = network,
            VectorMm2 = vector,
            KvSramMm2 = kv,
            AttentionMm2 = attention,
            SamplerMm2 = samplerGe * cellUm2 / Um2PerMm2,
            IoMm2 = io,
            HbmPhyMm2 = hbmPhy,
            RedundancyMm2 = redundancy,
            FrameMm2 = (4 * w * Math.Sqrt(core)) + (4 * w * w),
            Transistors =
                (logicGe * logic.TransistorsPerGe)
                + (columns * accumulatorBits * registerFileTransistors * factor)
                + (
                    bank.InSram ? sites * bank.CapacityBits * memory.SramTransistorsPerBit
                    : stores ? columns * bank.Rows * memory.RomTransistorsPerWeight
                    : 0
                )
                + (kvBits * memory.SramTransistorsPerBit),
            Sites = sites,
        };
    }

    /// <summary>Logic of one column with its share of a scale unit, in gate equivalents. The accumulator itself is register file.</summary>
    public static double ColumnGe(FabricSpec fabric, TechnologySpec technology) =>
        BankGates.Of(fabric.Bank, fabric.Numerics.ActivationBits, technology.Logic).ColumnsGe / fabric.Bank.Columns;

    /// <summary>Products, sequencing, row decoder (two gates a row) and the control registers beside them of one bank, in gate
    /// equivalents.</summary>
    public static double BankControlGe(FabricSpec fabric, TechnologySpec technology)
    {
        var (bank, logic) = (fabric.Bank, technology.Logic);
        var gates = BankGates.Of(bank, fabric.Numerics.ActivationBits, logic);
        return gates.ProductsGe
            + gates.SequencerGe
            + (bank.Style == BankSpec.AdderNetwork ? 0 : 2 * bank.Rows)
            + (bank.ControlFlipFlops * logic.FlipFlopGe);
    }

    /// <summary>A column that multiplies: one full adder and one gate for each pair of activation and code bit, accumulator adder and
    /// register.</summary>
    public static double MultiplierColumnGe(FabricSpec fabric, TechnologySpec technology)
    {
        var (bank, logic) = (fabric.Bank, technology.Logic);
        return ((double)fabric.Numerics.ActivationBits * bank.CodeBits * (logic.FullAdderGe + 1))
            + (bank.AccumulatorBits * (logic.FullAdderGe + logic.FlipFlopGe));
    }

    /// <summary>Multipliers beside the KV ports of one die: elements that all ports read per cycle, times the queries that meet
    /// each.</summary>
    public static double AttentionMacs(FabricSpec fabric) =>
        fabric.KvSram.Banks * fabric.KvSram.PortBytes * 8.0 / fabric.Numerics.KvBits * fabric.KvSram.QueriesPerPort;

    /// <summary>Whether a die of that area fits the exposure field, as a rectangle of the field's own proportions.</summary>
    public static bool FitsReticle(double dieMm2, TechnologySpec technology) =>
        dieMm2 <= technology.Wafer.ReticleWidthMm * technology.Wafer.ReticleHeightMm;

    // Codes of spares are SRAM, written at test; a spare column and a spare bank also have the logic of one, a patch row the comparator of
    // its address.
    private static double RedundancyMm2(FabricSpec fabric, TechnologySpec technology, double bankLogicMm2)
    {
        var (bank, grid, logic) = (fabric.Bank, fabric.Sites, technology.Logic);
        var rowBits = bank.Columns * bank.RomBitsPerWeight;
        var codes =
            (grid.PerDie * ((bank.SpareRows * rowBits) + (bank.SpareColumns * bank.Rows * bank.RomBitsPerWeight)))
            + (grid.SpareBanks * bank.CapacityBits)
            + (grid.PatchRows * rowBits);
        var banks = grid.SpareBanks + ((double)grid.PerDie * bank.SpareColumns / bank.Columns);
        var addressBits = Math.Ceiling(Math.Log2((double)grid.PerDie * bank.Rows));
        var comparators = grid.PatchRows * addressBits * (logic.FlipFlopGe + 1) * logic.GateEquivalentUm2 / logic.Utilisation / Um2PerMm2;
        return (codes / 1e6 / technology.Memory.SramMbPerMm2) + (banks * bankLogicMm2) + comparators;
    }

    // Two links (in and out); a die-to-die macro is about one millimetre deep (UCIe module outline), so its area is the edge it needs times
    // one millimetre.
    private static double DieEdgeMm2(FabricSpec fabric, TechnologySpec technology)
    {
        var gbPerSecond = fabric.Network.DieToDieBits / 8.0 * fabric.ClockGhz;
        return 2 * gbPerSecond / technology.Periphery.DieEdgeGbPerSecondMm;
    }
}
