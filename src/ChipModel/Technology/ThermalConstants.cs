namespace TaalasSim.ChipModel.Technology;

/// <summary>Heat path and supply.</summary>
public sealed record ThermalConstants
{
    /// <summary>Junction to air, K mm² per W.</summary>
    public required Constant ResistanceKMm2PerWatt { get; init; }

    /// <summary>Inlet air, °C.</summary>
    public required Constant InletCelsius { get; init; }

    /// <summary>Junction temperature at which the clock is lowered, °C.</summary>
    public required Constant MaximumCelsius { get; init; }

    /// <summary>Efficiency of the card's regulators, 0…1.</summary>
    public required Constant RegulatorEfficiency { get; init; }
}
