using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Area;

/// <summary>Area of a fabric's die from the parts up. It depends on no model: the fabric is the part of the chip that stays.</summary>
public static class DieArea
{
    private const double Um2PerMm2 = 1e6;

    /// <summary>Bits that an attention sum has beyond key times query: 128 elements and a sign.</summary>
    private const int AttentionSumBits = 24;

    /// <summary>Area of one die.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="technology">Process constants, with the area factor of the calibration.</param>
    public static AreaBreakdown Of(FabricSpec fabric, TechnologySpec technology)
    {
        var (logic, periphery) = (technology.Logic, technology.Periphery);
        var banks = BankArea.Of(fabric, technology);
        var cellUm2 = logic.GateEquivalentUm2 / logic.Utilisation;
        var reductionGe = (double)fabric.Bank.PositionsPerRead * fabric.Network.LinkBits * (logic.FullAdderGe + logic.FlipFlopGe);
        var reduction = banks.Banks * reductionGe * cellUm2 / Um2PerMm2;
        var attentionGe = AttentionMacs(fabric) * AttentionMacGe(fabric, logic);
        var samplerGe = fabric.Sampler.LogitsPerCycle * (double)fabric.Network.PartialSumBits * (logic.FullAdderGe + logic.FlipFlopGe);
        var vectorGe = fabric.Vector.Lanes * logic.VectorLaneGe;
        var kvBits = fabric.KvSram.CapacityMb * 8e6;
        var kv = kvBits / 1e6 / technology.Memory.SramMbPerMm2;
        var io = IoMm2(fabric, technology);
        var vector = vectorGe * cellUm2 / Um2PerMm2;
        var attention = attentionGe * cellUm2 / Um2PerMm2;
        var sampler = samplerGe * cellUm2 / Um2PerMm2;
        var network = periphery.NetworkFraction * (banks.MemoryMm2 + banks.ColumnsMm2 + banks.ControlMm2);
        var hbmPhy = fabric.Hbm is { } hbm ? hbm.StacksPerDie * hbm.PhyMm2 : 0;
        var redundancy = RedundancyMm2(fabric, technology, (banks.ColumnsMm2 + banks.ControlMm2 + reduction) / banks.Banks);
        var core =
            redundancy
            + hbmPhy
            + banks.MemoryMm2
            + banks.ColumnsMm2
            + banks.ControlMm2
            + reduction
            + network
            + vector
            + kv
            + attention
            + sampler
            + io;
        var logicGe = banks.ColumnsGe + (banks.Banks * (banks.ControlGe + reductionGe)) + vectorGe + attentionGe + samplerGe;
        return new AreaBreakdown
        {
            RomMm2 = banks.MemoryMm2,
            ColumnsMm2 = banks.ColumnsMm2,
            BankControlMm2 = banks.ControlMm2,
            ReductionMm2 = reduction,
            NetworkMm2 = network,
            VectorMm2 = vector,
            KvSramMm2 = kv,
            AttentionMm2 = attention,
            SamplerMm2 = sampler,
            IoMm2 = io,
            HbmPhyMm2 = hbmPhy,
            RedundancyMm2 = redundancy,
            FrameMm2 = FrameMm2(core, periphery.FrameMm),
            Transistors =
                (logicGe * logic.TransistorsPerGe)
                + banks.RegisterTransistors
                + banks.MemoryTransistors
                + (kvBits * technology.Memory.SramTransistorsPerBit),
            Sites = fabric.Sites.PerDie,
        };
    }

    // A multiplier beside a KV port: one full adder for each pair of bits, and the sum.
    private static double AttentionMacGe(FabricSpec fabric, LogicConstants logic) =>
        ((double)fabric.Numerics.ActivationBits * fabric.Numerics.KvBits * logic.FullAdderGe)
        + (AttentionSumBits * (logic.FullAdderGe + logic.FlipFlopGe));

    private static double IoMm2(FabricSpec fabric, TechnologySpec technology)
    {
        var io = fabric.Card.PcieLanes * technology.Periphery.PcieLaneMm2;
        if (fabric.DiesPerPackage > 1)
            io += DieEdgeMm2(fabric, technology);
        if (fabric.System.Link?.PhyMm2 is { } linkPhy && fabric.Packages > 1)
            io += linkPhy;
        return io;
    }

    // Frame of width w around a square core of side s: (s + 2w)² − s².
    private static double FrameMm2(double core, double w) => (4 * w * Math.Sqrt(core)) + (4 * w * w);

    /// <summary>Multipliers beside the KV ports of one die: elements that all ports read per cycle, times the queries that meet
    /// each.</summary>
    public static double AttentionMacs(FabricSpec fabric) =>
        fabric.KvSram.Banks * fabric.KvSram.PortBytes * 8.0 / fabric.Numerics.KvBits * fabric.KvSram.QueriesPerPort;

    /// <summary>Whether a die of that area fits the exposure field, as a rectangle of the field's own proportions.</summary>
    public static bool FitsReticle(double dieMm2, TechnologySpec technology) => dieMm2 <= FieldMm2(technology);

    /// <summary>What is wrong with a die that is larger than the exposure field, in words; null for one that can be made. Fabrics of a
    /// whole wafer are stitched.</summary>
    /// <param name="dieMm2">Area of the die.</param>
    /// <param name="fabric">Its fabric.</param>
    /// <param name="technology">Its process.</param>
    public static string? ReticleFault(double dieMm2, FabricSpec fabric, TechnologySpec technology) =>
        fabric.System.WaferScale || FitsReticle(dieMm2, technology)
            ? null
            : $"a die of {NumberText.Significant(dieMm2)} mm² exceeds the exposure field of {technology.Name}, "
                + $"{NumberText.Significant(FieldMm2(technology))} mm²";

    private static double FieldMm2(TechnologySpec technology) => technology.Wafer.ReticleWidthMm * technology.Wafer.ReticleHeightMm;

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
