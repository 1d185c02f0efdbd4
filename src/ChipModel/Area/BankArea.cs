using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Area;

/// <summary>What the banks of one die take, as their style has it: the memory of the weights, the columns, and the control.</summary>
public readonly record struct BankArea
{
    private const double Um2PerMm2 = 1e6;

    private const int RegisterFileTransistors = 8;

    /// <summary>Banks of one die.</summary>
    public required double Banks { get; init; }

    /// <summary>Arrays that hold the weights, mm², calibrated.</summary>
    public required double MemoryMm2 { get; init; }

    /// <summary>Columns with their scale units and accumulators, mm², calibrated.</summary>
    public required double ColumnsMm2 { get; init; }

    /// <summary>Products, row decoders and control, mm², calibrated.</summary>
    public required double ControlMm2 { get; init; }

    /// <summary>Logic of all columns in gate equivalents, calibrated: the area factor stands for gates that a custom column does
    /// without.</summary>
    public required double ColumnsGe { get; init; }

    /// <summary>Products, row decoder and control of one bank in gate equivalents.</summary>
    public required double ControlGe { get; init; }

    /// <summary>Transistors of the accumulators in register files, calibrated.</summary>
    public required double RegisterTransistors { get; init; }

    /// <summary>Transistors of the arrays that hold the weights.</summary>
    public required double MemoryTransistors { get; init; }

    /// <summary>Counts the banks of one die.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="technology">Process constants, with the area factor of the calibration.</param>
    public static BankArea Of(FabricSpec fabric, TechnologySpec technology)
    {
        var (bank, logic, memory) = (fabric.Bank, technology.Logic, technology.Memory);
        var style = bank.BankStyle;
        var gates = style.Gates(bank, fabric.Numerics.ActivationBits, logic);
        var factor = style.AreaFactor(technology.Calibration);
        double banks = fabric.Sites.PerDie;
        var columns = banks * bank.Columns;
        // Each position of a read has columns, products and accumulators of its own; the array, its decoder and the control are there once.
        var columnGe = bank.PositionsPerRead * gates.ColumnsGe / bank.Columns;
        var controlGe =
            (bank.PositionsPerRead * gates.ProductsGe)
            + gates.SequencerGe
            + style.RowDecoderGe(bank)
            + (bank.ControlFlipFlops * logic.FlipFlopGe);
        var registerBits = bank.PositionsPerRead * style.RegisterFileBits(bank);
        var datapathUm2 = logic.GateEquivalentUm2 / logic.DatapathUtilisation;
        var cellUm2 = logic.GateEquivalentUm2 / logic.Utilisation;
        return new BankArea
        {
            Banks = banks,
            MemoryMm2 = style.MemoryMm2(bank, banks, memory) * factor,
            ColumnsMm2 = columns * ((columnGe * datapathUm2) + (registerBits * memory.RegisterFileUm2PerBit)) / Um2PerMm2 * factor,
            ControlMm2 = banks * controlGe * cellUm2 / Um2PerMm2 * factor,
            ColumnsGe = columns * columnGe * factor,
            ControlGe = controlGe,
            RegisterTransistors = columns * registerBits * RegisterFileTransistors * factor,
            MemoryTransistors = style.MemoryTransistors(bank, banks, memory),
        };
    }
}
