using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>Constants in metal: adders that columns share take all inputs at once, the whole activation or one bit of it a cycle.</summary>
/// <remarks>Nothing is stored, so there is no array, no row decoder and no image.</remarks>
public sealed class AdderNetworkStyle : BankStyle
{
    /// <inheritdoc/>
    public override string Name => "adder_network";

    /// <inheritdoc/>
    public override bool TakesAddersPerWeight => true;

    /// <inheritdoc/>
    public override string ImageFault =>
        "weights of an adder network are wires, not vias of the weights layer; use fit, cost, compare or sweep instead";

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(BankSpec bank, int activationBits)
    {
        if (bank.AddersPerWeight is not { Value: > 0 })
            yield return $"bank.adders_per_weight is missing; an {Name} needs it";
        if (bank.AdderBitsPerCycle != 1 && bank.AdderBitsPerCycle != activationBits)
            yield return $"bank.adder_bits_per_cycle {bank.AdderBitsPerCycle} must be 1 or numerics.activation_bits ({activationBits})";
        if (bank.PositionsPerRead != 1)
            yield return $"bank.positions_per_read {bank.PositionsPerRead} must be 1: the weights of an {Name} are never read";
        if (bank.SpareRows != 0)
            yield return $"bank.spare_rows must be 0: an {Name} has no rows to replace";
        if (bank.ScaleBlockRows != bank.Rows)
            yield return OneScaleFault(bank);
    }

    /// <inheritdoc/>
    public override string? FormatFault(BankSpec bank, string format) =>
        format == $"rom{bank.CodeBits}"
            ? null
            : $"an adder network of {bank.CodeBits}-bit constants holds rom{bank.CodeBits}, not {format}";

    /// <summary>One cycle with whole activations; bit by bit as many as the sum has bits.</summary>
    /// <inheritdoc/>
    public override int PassCycles(BankSpec bank, int rows, int activationBits) =>
        IsSerial(bank, activationBits) ? bank.ColumnSumBits(rows, activationBits) : 1;

    /// <summary>
    /// Bit by bit: a full adder and the flip-flop of its carry per adder, a register per sum that gathers its bits, and one per input that
    /// hands them out. All bits at once: adders of the activation bits and half of ⌊log2 rows⌋; pipeline registers between
    /// them are not counted.
    /// </summary>
    /// <inheritdoc/>
    public override BankGates Gates(BankSpec bank, int activationBits, LogicConstants logic)
    {
        var adders = bank.Rows * AddersPerWeight(bank);
        var serial = IsSerial(bank, activationBits);
        var column = serial
            ? (adders * (logic.FullAdderGe + logic.FlipFlopGe)) + (bank.ColumnSumBits(bank.Rows, activationBits) * logic.FlipFlopGe)
            : (adders * AdderBits(bank, activationBits) * logic.FullAdderGe)
                + (bank.ColumnSumBits(bank.Rows, activationBits) * logic.FlipFlopGe);
        return new BankGates
        {
            Columns = bank.Columns,
            ColumnGe = column,
            ProductsGe = bank.Rows * activationBits * (logic.FlipFlopGe + (serial ? 2 * logic.SelectorInputGe : 0)),
            SequencerGe = 0,
        };
    }

    /// <summary>None: sums leave the bank as they are formed.</summary>
    /// <inheritdoc/>
    public override int RegisterFileBits(BankSpec bank) => 0;

    /// <summary>None: there are no rows to choose from.</summary>
    /// <inheritdoc/>
    public override int RowDecoderGe(BankSpec bank) => 0;

    /// <summary>None: weights are wires.</summary>
    /// <inheritdoc/>
    public override double MemoryMm2(BankSpec bank, double banks, MemoryConstants memory) => 0;

    /// <summary>None: weights are wires.</summary>
    /// <inheritdoc/>
    public override double MemoryTransistors(BankSpec bank, double banks, MemoryConstants memory) => 0;

    /// <summary>Every adder works in every cycle of a pass; inputs are held in registers, and nothing is read.</summary>
    /// <inheritdoc/>
    public override BankEnergy Energy(BankSpec bank, int activationBits, EnergyConstants energy, double sitePitchMm)
    {
        var adder = IsSerial(bank, activationBits)
            ? bank.PassCycles(bank.Rows, activationBits) * (energy.AddPjPerBit + energy.FlipFlopPj)
            : AdderBits(bank, activationBits) * energy.AddPjPerBit;
        return new BankEnergy(
            AddersPerWeight(bank) * adder,
            activationBits * (energy.FlipFlopPj + (sitePitchMm * energy.WirePjPerBitMm)),
            0
        );
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A style registers itself, so that no list has to be edited.")]
    internal static void Register() => BankStyleRegistry.Register(new AdderNetworkStyle());

    private static bool IsSerial(BankSpec bank, int activationBits) => bank.AdderBitsPerCycle < activationBits;

    private static double AddersPerWeight(BankSpec bank) => bank.AddersPerWeight is { } each ? (double)each : 0;

    // Mean width of an adder that takes all bits at once: inputs of the activation's width meet first, the last two are sums of half the
    // rows.
    private static double AdderBits(BankSpec bank, int activationBits) =>
        activationBits + (0.5 * BitOperations.Log2((uint)Math.Max(1, bank.Rows)));
}
