using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>How fast logic of a process is at a supply voltage, and what voltage does to leakage.</summary>
/// <remarks>
/// Alpha-power law (T. Sakurai and A. R. Newton, IEEE J. Solid-State Circuits 25, 1990): a gate's delay is proportional to
/// V / (V − threshold)^exponent. The clock at the nominal voltage fixes the scale. Energies of <see cref="EnergyConstants"/> hold at the
/// nominal voltage and grow with its square.
/// </remarks>
public sealed record SupplyConstants
{
    /// <summary>Voltage at which energies and leakage of the process are stated, V.</summary>
    [FieldRange(0.1, 10, "V")]
    public required Constant NominalVolts { get; init; }

    /// <summary>Lowest voltage at which memories and logic work, V; a slower clock does not go below it.</summary>
    [FieldRange(0.1, 10, "V")]
    public required Constant MinimumVolts { get; init; }

    /// <summary>Highest voltage for continuous use, V; it gives the highest clock.</summary>
    [FieldRange(0.1, 10, "V")]
    public required Constant MaximumVolts { get; init; }

    /// <summary>Threshold voltage of the law, V.</summary>
    [FieldRange(0, 5, "V")]
    public required Constant ThresholdVolts { get; init; }

    /// <summary>Exponent of the law.</summary>
    [FieldRange(1, 2, "1")]
    public required Constant Exponent { get; init; }

    /// <summary>Clock of pipelined datapath logic at the nominal voltage, GHz.</summary>
    [FieldRange(0.0001, 100, "GHz")]
    public required Constant ClockAtNominalGhz { get; init; }

    /// <summary>Growth of the leakage current with voltage, 1/V: current × exp(k (V − nominal)).</summary>
    [FieldRange(0, 100, "1/V")]
    public required Constant LeakagePerVolt { get; init; }
}
