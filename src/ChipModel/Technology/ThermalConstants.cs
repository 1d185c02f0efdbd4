using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Heat path and supply.</summary>
public sealed record ThermalConstants
{
    /// <summary>Junction to air, K mm² per W.</summary>
    [FieldRange(0, 1e5, "K mm2/W")]
    public required Constant ResistanceKMm2PerWatt { get; init; }

    /// <summary>Inlet air, °C.</summary>
    [FieldRange(-60, 100, "C")]
    public required Constant InletCelsius { get; init; }

    /// <summary>Junction temperature at which the clock is lowered, °C.</summary>
    [FieldRange(0, 300, "C")]
    public required Constant MaximumCelsius { get; init; }

    /// <summary>Efficiency of the card's regulators, 0…1.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public required Constant RegulatorEfficiency { get; init; }
}
