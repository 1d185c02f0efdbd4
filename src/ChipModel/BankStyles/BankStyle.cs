using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>
/// How a bank multiplies: everything that timing, area, power, yield, cost, placement and export need to know about one kind of bank. A new
/// style is one class derived from this one that registers itself (<see cref="BankStyleRegistry"/>).
/// </summary>
/// <remarks>
/// A style holds no state: sizes come from the <see cref="BankSpec"/>, constants from the technology. The defaults are those of weights in
/// a via-programmed ROM that is read row by row.
/// </remarks>
public abstract class BankStyle
{
    /// <summary>Name in a fabric's <c>bank.style</c>: lower case with underscores.</summary>
    public abstract string Name { get; }

    /// <summary>Whether weights are loaded into SRAM: no masks are made for a model, and the array leaks as SRAM.</summary>
    public virtual bool WeightsInSram => false;

    /// <summary>Whether the style needs <see cref="BankSpec.AddersPerWeight"/>; the others refuse it.</summary>
    public virtual bool TakesAddersPerWeight => false;

    /// <summary>Whether several outputs may share an adder (<see cref="BankSpec.OutputsPerAdder"/>).</summary>
    public virtual bool SharesAdders => false;

    /// <summary>Largest <see cref="BankSpec.CodeBits"/>.</summary>
    public virtual int MaximumCodeBits => 8;

    /// <summary>Module in the exported Verilog that is one bank of this style; null when there is none.</summary>
    public virtual string? VerilogModule => null;

    /// <summary>Why no chip image can be compiled for such banks, as the end of a sentence that begins with the fabric; null when one
    /// can.</summary>
    public virtual string? ImageFault => null;

    /// <summary>What is wrong with a bank of this style: one clause per fault that begins with the YAML field.</summary>
    /// <param name="bank">Bank; its ranges are checked elsewhere.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public virtual IEnumerable<string> Faults(BankSpec bank, int activationBits)
    {
        if (bank.AddersPerWeight is not null && !TakesAddersPerWeight)
            yield return $"bank.adders_per_weight belongs to {string.Join(", ", WithAdders())}, not {Name}";

        static IEnumerable<string> WithAdders() => BankStyleRegistry.All.Where(s => s.TakesAddersPerWeight).Select(s => s.Name);
    }

    /// <summary>Why weights of a code format cannot be stored in such banks; null when they can.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="format">Name of the code format of a matrix.</param>
    public virtual string? FormatFault(BankSpec bank, string format) => null;

    /// <summary>Cycles that a bank takes to get one vector; the pipeline (<see cref="BankSpec.PipelineCycles"/>) comes on top.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public virtual int PassCycles(BankSpec bank, int rows, int activationBits) => rows;

    /// <summary>Bits of the product of one activation and one code, signed. Activations are symmetric, so no carry goes beyond the sum of
    /// both widths less one.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public virtual int ProductBits(BankSpec bank, int activationBits) => activationBits + bank.CodeBits - 1;

    /// <summary>Logic of one bank in gate equivalents, part by part.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    /// <param name="logic">Cells of the library.</param>
    public abstract BankGates Gates(BankSpec bank, int activationBits, LogicConstants logic);

    /// <summary>Bits of every column that are kept in a register file (the accumulators of idle columns) instead of flip-flops.</summary>
    /// <param name="bank">Bank.</param>
    public virtual int RegisterFileBits(BankSpec bank) => bank.AccumulatorBits;

    /// <summary>Row decoder of one bank in gate equivalents: two gates a row.</summary>
    /// <param name="bank">Bank.</param>
    public virtual int RowDecoderGe(BankSpec bank) => 2 * bank.Rows;

    /// <summary>Area of the arrays that hold the weights, mm², before <see cref="AreaFactor"/>.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="banks">Number of banks.</param>
    /// <param name="memory">Densities.</param>
    public virtual double MemoryMm2(BankSpec bank, double banks, MemoryConstants memory) =>
        banks * bank.CapacityBits / 1e6 / memory.RomMbPerMm2;

    /// <summary>Transistors of the arrays that hold the weights.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="banks">Number of banks.</param>
    /// <param name="memory">Transistors per weight.</param>
    public virtual double MemoryTransistors(BankSpec bank, double banks, MemoryConstants memory) =>
        banks * bank.Columns * bank.Rows * memory.RomTransistorsPerWeight;

    /// <summary>Factor on the area of banks: what the custom columns of the chip that calibration was fitted on save.</summary>
    /// <param name="calibration">Calibration of the technology.</param>
    public virtual double AreaFactor(CalibrationConstants calibration) => calibration.Area;

    /// <summary>Leakage of the arrays that hold the weights over that of logic of the same area, as a fraction.</summary>
    /// <param name="leakage">Constants.</param>
    public virtual double MemoryLeakageFraction(LeakageConstants leakage) => leakage.RomFraction;

    /// <summary>Switching energy of a bank by event, at nominal voltage.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    /// <param name="energy">Energy per elementary event.</param>
    /// <param name="sitePitchMm">Distance of neighbouring banks, mm: how far an activation travels in one.</param>
    public abstract BankEnergy Energy(BankSpec bank, int activationBits, EnergyConstants energy, double sitePitchMm);

    /// <summary>Mean number of faulty rows, columns and whole banks that defects make in one bank. A defect in the array makes a row
    /// faulty, one in the columns a column, one in the control the bank.</summary>
    /// <param name="bank">Bank.</param>
    /// <param name="memory">Mean number of defects in the array that holds the weights.</param>
    /// <param name="columns">Mean number of defects in the columns.</param>
    /// <param name="control">Mean number of defects in products, decoder and control.</param>
    public virtual BankFaults MeanFaults(BankSpec bank, double memory, double columns, double control) => new(memory, columns, control);

    /// <summary>What to say of scale blocks in a bank whose columns have one scale each.</summary>
    /// <param name="bank">Bank.</param>
    protected string OneScaleFault(BankSpec bank) =>
        $"bank.scale_block_rows {bank.ScaleBlockRows} must be bank.rows ({bank.Rows}) for {Name}: its columns have one scale";
}
