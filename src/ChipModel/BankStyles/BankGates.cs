using System.Numerics;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>
/// Logic of one bank in gate equivalents, part by part as the exported Verilog has it (docs/rtl.md); the ROM array, its row decoder and the
/// register file of the accumulators are not in it. Nothing is fitted: cells are counted from the structure and multiplied by the library's
/// cell areas.
/// </summary>
public readonly record struct BankGates
{
    /// <summary>One column: decoder, selector, adder, register and latch of its block sum.</summary>
    public required double ColumnGe { get; init; }

    /// <summary>One scale unit: choice of a column, subtraction of the common excess, multiplier by the scale, saturating
    /// accumulator.</summary>
    public required double ScaleUnitGe { get; init; }

    /// <summary>Scale units of the bank.</summary>
    public required int ScaleUnits { get; init; }

    /// <summary>Products, formed once a bank.</summary>
    public required double ProductsGe { get; init; }

    /// <summary>Row counter, flags, turns of the scale units, common excess, registers of the broadcast.</summary>
    public required double SequencerGe { get; init; }

    /// <summary>Columns of the bank.</summary>
    public required int Columns { get; init; }

    /// <summary>Columns and scale units.</summary>
    public double ColumnsGe => (Columns * ColumnGe) + (ScaleUnits * ScaleUnitGe);

    /// <summary>The whole bank.</summary>
    public double TotalGe => ColumnsGe + ProductsGe + SequencerGe;

    /// <summary>Counts a bank of a fabric.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    /// <param name="logic">Cells.</param>
    public static BankGates Of(BankSpec bank, int activationBits, LogicConstants logic) =>
        bank.Style switch
        {
            BankSpec.Ternary => Ternary(bank, activationBits, logic),
            BankSpec.AdderNetwork => AdderNetwork(bank, activationBits, logic),
            _ => RomSelect(bank, activationBits, logic),
        };

    private static BankGates RomSelect(BankSpec bank, int activationBits, LogicConstants logic) =>
        new()
        {
            Columns = bank.Columns,
            ColumnGe = Column(bank, activationBits, logic),
            ScaleUnits = (bank.Columns + bank.ScaleColumns - 1) / bank.ScaleColumns,
            ScaleUnitGe = ScaleUnit(bank, activationBits, logic),
            ProductsGe = Products(bank, activationBits, logic),
            SequencerGe = Sequencer(bank, activationBits, logic, bank.ScaleColumns + 2, Excess(bank, activationBits, logic)),
        };

    // Activation, its complement with a carry, or nothing: an and and an exclusive or per bit. The sum is as wide as a column of the bank
    // needs; it is held and chosen by turns while the next vector comes in. The column's one scale is the vector unit's.
    private static BankGates Ternary(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var sum = bank.ColumnSumBits(bank.Rows, activationBits);
        return new BankGates
        {
            Columns = bank.Columns,
            ColumnGe =
                (activationBits * (logic.AndGe + logic.XorGe))
                + (sum * (logic.FullAdderGe + logic.AndGe + logic.FlipFlopGe + logic.LatchGe + logic.SelectorInputGe)),
            ScaleUnits = 0,
            ScaleUnitGe = 0,
            ProductsGe = activationBits * logic.FlipFlopGe,
            SequencerGe = Sequencer(bank, activationBits, logic, bank.ScaleColumns, 0),
        };
    }

    // Bit by bit: a full adder and the flip-flop of its carry per adder, a register per sum that gathers its bits, and one per input that
    // hands them out. All bits at once: adders of the mean width of AdderBits; pipeline registers between them are not counted.
    private static BankGates AdderNetwork(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var adders = bank.Rows * (bank.AddersPerWeight is { } each ? (double)each : 0);
        var serial = bank.AdderBitsPerCycle < activationBits;
        var column = serial
            ? (adders * (logic.FullAdderGe + logic.FlipFlopGe)) + (bank.ColumnSumBits(bank.Rows, activationBits) * logic.FlipFlopGe)
            : (adders * AdderBits(bank, activationBits) * logic.FullAdderGe)
                + (bank.ColumnSumBits(bank.Rows, activationBits) * logic.FlipFlopGe);
        return new BankGates
        {
            Columns = bank.Columns,
            ColumnGe = column,
            ScaleUnits = 0,
            ScaleUnitGe = 0,
            ProductsGe = bank.Rows * activationBits * (logic.FlipFlopGe + (serial ? 2 * logic.SelectorInputGe : 0)),
            SequencerGe = 0,
        };
    }

    /// <summary>Mean width of an adder of a bit-parallel network: inputs of the activation's width meet first, the last two are sums of
    /// half the rows.</summary>
    public static double AdderBits(BankSpec bank, int activationBits) =>
        activationBits + (0.5 * BitOperations.Log2((uint)Math.Max(1, bank.Rows)));

    // A code c is m or −(m + 1): m chooses one of 2^(b−1) lines, the sign inverts it, and the carry completes the complement.
    private static double Column(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var (product, sum) = (bank.ProductBits(activationBits), bank.BlockSumBits(activationBits));
        var (number, lines) = (bank.CodeBits - 1, 1 << (bank.CodeBits - 1));
        // Every bit of m true and complemented, and a gate of b − 1 inputs per line.
        var decoder = (2 * number * logic.XorGe) + (lines * Gate(number));
        var selector = product * ((lines * logic.SelectorInputGe) + logic.XorGe);
        var adder = (product * logic.FullAdderGe) + ((sum - product) * HalfAdder(logic)) + logic.AndGe;
        var register = sum * (logic.AndGe + logic.FlipFlopGe);
        // The first column of a scale unit hands its sum on at once.
        var latch = sum * logic.LatchGe * (bank.ScaleColumns - 1) / bank.ScaleColumns;
        return decoder + selector + adder + register + latch;
    }

    private static double ScaleUnit(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var sum = bank.BlockSumBits(activationBits);
        var scaled = sum + BankArithmetic.ScaleBits;
        var total = Math.Max(scaled, bank.AccumulatorBits) + 1;
        var choice = sum * bank.ScaleColumns * logic.SelectorInputGe;
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

    // Line 0 is a shift; every other line is one adder behind another line. Inverters stand at both inputs of every second place.
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
            + ((sum - product) * HalfAdder(logic))
            + (sum * (logic.AndGe + (2 * logic.SelectorInputGe) + (2 * logic.FlipFlopGe)));
    }

    private static double Sequencer(BankSpec bank, int activationBits, LogicConstants logic, int turns, double excess)
    {
        var blocks = (bank.Rows + BankArithmetic.BlockRows - 1) / BankArithmetic.BlockRows;
        var blockBits = Math.Max(1, BitOperations.Log2((uint)((2 * blocks) - 1)));
        var count = blockBits + BitOperations.Log2(BankArithmetic.BlockRows);
        var broadcast = Math.Max(0, bank.PipelineCycles - BankSpec.ScaleStages - bank.ScaleColumns);
        // valid, first, last; end, last and start of a block in three stages; busy; start and result of a vector on their way to the scale
        // units' end.
        const int flags = 6 + 1 + 2 + 3;
        var registers = (broadcast * (activationBits + 3)) + activationBits + (2 * count) + (2 * blockBits) + flags + turns;
        var counter = count * (HalfAdder(logic) + logic.AndGe);
        var gating = (activationBits + turns) * logic.AndGe;
        return (registers * logic.FlipFlopGe) + counter + gating + excess;
    }

    private static double HalfAdder(LogicConstants logic) => logic.XorGe + logic.AndGe;

    // A gate of n inputs over one of two: its transistors in series take one more pitch each (ASAP7: NAND2, 3, 4 = 1, 1.25, 1.5).
    private static double Gate(int inputs) => inputs < 2 ? 0 : (inputs + 2) / 4.0;
}
