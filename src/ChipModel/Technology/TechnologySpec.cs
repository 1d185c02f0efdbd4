namespace TaalasSim.ChipModel.Technology;

/// <summary>A silicon process as far as area, energy, yield and cost need it. Read from <c>chips/technology/*.yaml</c>; every figure
/// carries its source.</summary>
public sealed record TechnologySpec
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    public required LogicConstants Logic { get; init; }

    public required MemoryConstants Memory { get; init; }

    public required PeripheryConstants Periphery { get; init; }

    public required EnergyConstants Energy { get; init; }

    public required SupplyConstants Supply { get; init; }

    public required LeakageConstants Leakage { get; init; }

    public required ThermalConstants Thermal { get; init; }

    public required WaferConstants Wafer { get; init; }

    public required MaskConstants Masks { get; init; }

    public required CalibrationConstants Calibration { get; init; }
}
