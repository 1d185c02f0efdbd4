using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>
/// Compute beside ROM: products of an activation with every code value are formed once, each column selects by its stored code and adds;
/// scale units multiply the sums of a block by its scale.
/// </summary>
public sealed class RomSelectStyle : BankStyle
{
    /// <summary><see cref="Name"/>.</summary>
    public const string StyleName = "rom_select";

    /// <inheritdoc/>
    public override string Name => StyleName;

    /// <inheritdoc/>
    public override string VerilogModule => "bank";

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(BankSpec bank, int activationBits)
    {
        foreach (var fault in base.Faults(bank, activationBits))
            yield return fault;
        const int working = BankArithmetic.ScaleStages;
        var unit = bank.ColumnsPerScaleUnit;
        if (bank.PipelineCycles < working + unit)
            yield return $"bank.pipeline_cycles {bank.PipelineCycles} must be at least {working} + bank.columns_per_scale_unit ({unit})";
    }

    /// <inheritdoc/>
    public override bool SharesAdders => true;

    /// <summary>A row a cycle for each output of an adder; a last block shorter than the turns of a scale unit is filled up with
    /// zeros.</summary>
    /// <inheritdoc/>
    public override int PassCycles(BankSpec bank, int rows, int activationBits) =>
        BankArithmetic.StreamRows(rows, bank.ColumnsPerScaleUnit) * bank.OutputsPerAdder;

    /// <inheritdoc/>
    public override BankGates Gates(BankSpec bank, int activationBits, LogicConstants logic) =>
        new()
        {
            Columns = bank.Columns,
            ColumnGe = Column(bank, activationBits, logic),
            ScaleUnits = (bank.Columns + bank.ColumnsPerScaleUnit - 1) / bank.ColumnsPerScaleUnit,
            ScaleUnitGe = ScaleUnit(bank, activationBits, logic),
            ProductsGe = Products(bank, activationBits, logic),
            SequencerGe = BankSequencer.Ge(bank, activationBits, logic, bank.ColumnsPerScaleUnit + 2, Excess(bank, activationBits, logic)),
        };

    /// <summary>
    /// A selected product costs as much as an addition of its width; the block sum is added and registered every row, and once per block
    /// scaled and accumulated. Codes m and −(m + 1) share a product line.
    /// </summary>
    /// <inheritdoc/>
    public override BankEnergy Energy(BankSpec bank, int activationBits, EnergyConstants energy, double sitePitchMm)
    {
        var (product, sum) = (bank.ProductBits(activationBits), bank.BlockSumBits(activationBits));
        var row = (product * energy.AddPjPerBit) + (sum * (energy.AddPjPerBit + energy.FlipFlopPj));
        var scale =
            (sum * BankArithmetic.ScaleBits * energy.MultiplyPjPerBit2)
            + (bank.AccumulatorBits * (energy.AddPjPerBit + (2 * energy.FlipFlopPj)));
        var lines = 1 << (bank.CodeBits - 1);
        return new BankEnergy(
            row + (scale / bank.ScaleBlockRows),
            lines * product * (energy.AddPjPerBit + (sitePitchMm * energy.WirePjPerBitMm)),
            energy.RomReadPjPerBit
        );
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A style registers itself, so that no list has to be edited.")]
    internal static void Register() => BankStyleRegistry.Register(new RomSelectStyle());

    // A code c is m or −(m + 1): m chooses one of 2^(b−1) lines, the sign inverts it, and the carry completes the complement.
    private static double Column(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var (product, sum) = (bank.ProductBits(activationBits), bank.BlockSumBits(activationBits));
        var (number, lines) = (bank.CodeBits - 1, 1 << (bank.CodeBits - 1));
        // Every bit of m true and complemented, and a gate of b − 1 inputs per line.
        var decoder = (2 * number * logic.XorGe) + (lines * Gate(number));
        var selector = product * ((lines * logic.SelectorInputGe) + logic.XorGe);
        var adder = (product * logic.FullAdderGe) + ((sum - product) * BankSequencer.HalfAdder(logic)) + logic.AndGe;
        var register = sum * (logic.AndGe + logic.FlipFlopGe);
        // The first column of a scale unit hands its sum on at once.
        var latch = sum * logic.LatchGe * (bank.ColumnsPerScaleUnit - 1) / bank.ColumnsPerScaleUnit;
        return ((decoder + selector + adder) / bank.OutputsPerAdder) + register + latch + BankArithmetic.SharedAdder(bank, sum, logic);
    }

    private static double ScaleUnit(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var sum = bank.BlockSumBits(activationBits);
        var scaled = sum + BankArithmetic.ScaleBits;
        var total = Math.Max(scaled, bank.AccumulatorBits) + 1;
        var choice = sum * bank.ColumnsPerScaleUnit * logic.SelectorInputGe;
        var difference = sum * (logic.FullAdderGe + logic.InverterGe + logic.FlipFlopGe);
        var multiplier =
            (BankArithmetic.ScaleBits * sum * logic.AndGe)
            + ((BankArithmetic.ScaleBits - 1) * (sum + 1) * logic.FullAdderGe)
            + (scaled * logic.FlipFlopGe);
        // Cleared at the start of a vector; a sum that does not fit becomes the nearest end: one gate to test a bit, two to replace it.
        var accumulator =
            (total * logic.FullAdderGe)
            + (bank.AccumulatorBits * (logic.AndGe + logic.AndGe + logic.FlipFlopGe))
            + ((total - bank.AccumulatorBits + 1) * logic.AndGe);
        return choice + difference + multiplier + accumulator;
    }

    // Line 0 is a shift; every other line is one adder behind another line. There are inverters at both inputs of every second place.
    private static double Products(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var product = bank.ProductBits(activationBits);
        var lines = 1 << (bank.CodeBits - 1);
        return ((lines - 1) * product * (logic.FullAdderGe + logic.InverterGe)) + (((lines * product) + 1) * logic.FlipFlopGe);
    }

    // What line 0 adds up to in a block, kept for the turns of the scale units.
    private static double Excess(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var (product, sum) = (bank.ProductBits(activationBits), bank.BlockSumBits(activationBits));
        return (product * logic.FullAdderGe)
            + ((sum - product) * BankSequencer.HalfAdder(logic))
            + (sum * (logic.AndGe + (2 * logic.SelectorInputGe) + (2 * logic.FlipFlopGe)));
    }

    // A gate of n inputs over one of two: its transistors in series take one more pitch each (ASAP7: NAND2, 3, 4 = 1, 1.25, 1.5).
    private static double Gate(int inputs) => inputs < 2 ? 0 : (inputs + 2) / 4.0;
}
