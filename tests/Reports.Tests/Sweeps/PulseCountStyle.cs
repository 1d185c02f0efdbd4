using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>A style that no chip has: each weight is a counter, an activation comes in as pulses. It is defined here alone, to show that a
/// bank style is one class.</summary>
internal sealed class PulseCountStyle : BankStyle
{
    /// <inheritdoc/>
    public override string Name => "pulse_count";

    /// <inheritdoc/>
    public override string ImageFault => "counters hold no mask bits";

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(BankSpec bank, int activationBits) =>
        [
            .. base.Faults(bank, activationBits),
            .. activationBits > 8 ? ["numerics.activation_bits must be at most 8 for pulse_count"] : Array.Empty<string>(),
        ];

    /// <inheritdoc/>
    public override string? FormatFault(BankSpec bank, string format) => format == "rom3" ? null : $"counters hold rom3, not {format}";

    /// <inheritdoc/>
    public override int PassCycles(BankSpec bank, int rows, int activationBits) => 3 * rows;

    /// <inheritdoc/>
    public override BankGates Gates(BankSpec bank, int activationBits, LogicConstants logic) =>
        new()
        {
            Columns = bank.Columns,
            ColumnGe = 360,
            ProductsGe = 1000,
            SequencerGe = 500,
        };

    /// <inheritdoc/>
    public override int RegisterFileBits(BankSpec bank) => 0;

    /// <inheritdoc/>
    public override double MemoryMm2(BankSpec bank, double banks, MemoryConstants memory) => 0.001 * banks;

    /// <inheritdoc/>
    public override double AreaFactor(CalibrationConstants calibration) => 1;

    /// <inheritdoc/>
    public override BankEnergy Energy(BankSpec bank, int activationBits, EnergyConstants energy, double sitePitchMm) => new(0.25, 0, 0);

    /// <summary>A fault anywhere costs the bank.</summary>
    /// <inheritdoc/>
    public override BankFaults MeanFaults(BankSpec bank, double memory, double columns, double control) =>
        new(0, 0, memory + columns + control);
}
