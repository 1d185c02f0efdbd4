using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.BankStyles;

/// <summary>Weights in SRAM with a multiplier in every column: for comparison with chips that load any model.</summary>
public sealed class SramMultiplyStyle : BankStyle
{
    /// <inheritdoc/>
    public override string Name => "sram_multiply";

    /// <inheritdoc/>
    public override bool WeightsInSram => true;

    /// <inheritdoc/>
    public override int MaximumCodeBits => 16;

    /// <summary>A column that multiplies: one full adder and one gate for each pair of activation and code bit, accumulator adder and
    /// register.</summary>
    /// <inheritdoc/>
    public override BankGates Gates(BankSpec bank, int activationBits, LogicConstants logic) =>
        new()
        {
            Columns = bank.Columns,
            ColumnGe =
                ((double)activationBits * bank.CodeBits * (logic.FullAdderGe + 1))
                + (bank.AccumulatorBits * (logic.FullAdderGe + logic.FlipFlopGe)),
            ProductsGe = 0,
            SequencerGe = 0,
        };

    /// <inheritdoc/>
    public override double MemoryMm2(BankSpec bank, double banks, MemoryConstants memory) =>
        banks * bank.CapacityBits / 1e6 / memory.SramMbPerMm2;

    /// <inheritdoc/>
    public override double MemoryTransistors(BankSpec bank, double banks, MemoryConstants memory) =>
        banks * bank.CapacityBits * memory.SramTransistorsPerBit;

    /// <summary>1: the factor stands for custom columns beside ROM, which these banks do not have.</summary>
    /// <inheritdoc/>
    public override double AreaFactor(CalibrationConstants calibration) => 1;

    /// <summary>0: the array leaks as SRAM, by its bits.</summary>
    /// <inheritdoc/>
    public override double MemoryLeakageFraction(LeakageConstants leakage) => 0;

    /// <inheritdoc/>
    public override BankEnergy Energy(BankSpec bank, int activationBits, EnergyConstants energy, double sitePitchMm) =>
        new(
            (activationBits * bank.CodeBits * energy.MultiplyPjPerBit2) + (bank.AccumulatorBits * (energy.AddPjPerBit + energy.FlipFlopPj)),
            activationBits * sitePitchMm * energy.WirePjPerBitMm,
            energy.SramPjPerBit
        );

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A style registers itself, so that no list has to be edited.")]
    internal static void Register() => BankStyleRegistry.Register(new SramMultiplyStyle());
}
