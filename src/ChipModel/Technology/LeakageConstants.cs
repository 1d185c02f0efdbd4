namespace TaalasSim.ChipModel.Technology;

/// <summary>Leakage at the reference temperature.</summary>
public sealed record LeakageConstants
{
    /// <summary>Logic, W per mm² of die.</summary>
    public required Constant LogicWattsPerMm2 { get; init; }

    /// <summary>ROM array over logic per mm², fraction.</summary>
    public required Constant RomFraction { get; init; }

    /// <summary>SRAM, mW per Mib.</summary>
    public required Constant SramMilliwattsPerMib { get; init; }

    /// <summary>Exponent of temperature, 1/K: leakage × exp(k (T − T0)).</summary>
    public required Constant PerKelvin { get; init; }

    /// <summary>Temperature T0 of the figures above, °C.</summary>
    public required Constant ReferenceCelsius { get; init; }
}
