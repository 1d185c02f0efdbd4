using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>Weights −1, 0 and 1 in ROM: each column adds the activation, subtracts it or leaves it out. No products, no scale blocks: the
/// column's one scale is applied by the vector unit.</summary>
public sealed class TernaryStyle : BankStyle
{
    /// <inheritdoc/>
    public override string Name => "ternary";

    /// <inheritdoc/>
    public override bool SharesAdders => true;

    /// <summary>A row a cycle for each output of an adder.</summary>
    /// <inheritdoc/>
    public override int PassCycles(BankSpec bank, int rows, int activationBits) => rows * bank.OutputsPerAdder;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(BankSpec bank, int activationBits)
    {
        foreach (var fault in base.Faults(bank, activationBits))
            yield return fault;
        if (bank.CodeBits != 2)
            yield return $"bank.code_bits {bank.CodeBits} must be 2 for {Name}";
        if (bank.ScaleBlockRows != bank.Rows)
            yield return OneScaleFault(bank);
    }

    /// <inheritdoc/>
    public override string? FormatFault(BankSpec bank, string format) =>
        Ternary.Contains(format) ? null : $"ternary banks hold {string.Join(" and ", Ternary)}, not {format}";

    private static IEnumerable<string> Ternary => CodeFormats.All.Where(f => f.IsTernary).Select(f => f.Name);

    /// <summary>As wide as the activation: it is added, subtracted or left out.</summary>
    /// <inheritdoc/>
    public override int ProductBits(BankSpec bank, int activationBits) => activationBits;

    /// <summary>Activation, its complement with a carry, or nothing: an and and an exclusive or per bit. The sum is as wide as a column of
    /// the bank needs; it is held and read column by column while the next vector comes in.</summary>
    /// <inheritdoc/>
    public override BankGates Gates(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var sum = bank.ColumnSumBits(bank.Rows, activationBits);
        return new BankGates
        {
            Columns = bank.Columns,
            ColumnGe =
                (((activationBits * (logic.AndGe + logic.XorGe)) + (sum * logic.FullAdderGe)) / bank.OutputsPerAdder)
                + (sum * (logic.AndGe + logic.FlipFlopGe + logic.LatchGe + logic.SelectorInputGe))
                + BankArithmetic.SharedAdder(bank, sum, logic),
            ProductsGe = activationBits * logic.FlipFlopGe,
            SequencerGe = BankSequencer.Ge(bank, activationBits, logic, bank.ColumnsPerScaleUnit, 0),
        };
    }

    /// <summary>None: sums are not scaled in the bank, so no column gathers scaled sums.</summary>
    /// <inheritdoc/>
    public override int RegisterFileBits(BankSpec bank) => 0;

    /// <summary>Choosing costs as much as an addition of the activation's width; the sum is added and registered every row.</summary>
    /// <inheritdoc/>
    public override BankEnergy Energy(BankSpec bank, int activationBits, EnergyConstants energy, double sitePitchMm) =>
        new(
            (activationBits * energy.AddPjPerBit)
                + (bank.ColumnSumBits(bank.Rows, activationBits) * (energy.AddPjPerBit + energy.FlipFlopPj)),
            activationBits * sitePitchMm * energy.WirePjPerBitMm,
            energy.RomReadPjPerBit
        );

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A style registers itself, so that no list has to be edited.")]
    internal static void Register() => BankStyleRegistry.Register(new TernaryStyle());
}
