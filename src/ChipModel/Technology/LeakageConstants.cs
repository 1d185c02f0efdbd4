using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Leakage at the reference temperature.</summary>
public sealed record LeakageConstants
{
    /// <summary>Logic, W per mm² of die.</summary>
    [FieldRange(0, 100, "W/mm2")]
    public required Constant LogicWattsPerMm2 { get; init; }

    /// <summary>ROM array over logic per mm², fraction.</summary>
    [FieldRange(0, 10, "fraction")]
    public required Constant RomFraction { get; init; }

    /// <summary>SRAM, mW per Mib.</summary>
    [FieldRange(0, 10_000, "mW/Mib")]
    public required Constant SramMilliwattsPerMib { get; init; }

    /// <summary>Exponent of temperature, 1/K: leakage × exp(k (T − T0)).</summary>
    [FieldRange(0, 0.2, "1/K")]
    public required Constant PerKelvin { get; init; }

    /// <summary>Temperature T0 of the figures above, °C.</summary>
    [FieldRange(-60, 300, "C")]
    public required Constant ReferenceCelsius { get; init; }
}
