using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>A silicon process as far as area, energy, yield and cost need it. Read from <c>chips/technology/*.yaml</c>; every figure
/// carries its source.</summary>
public sealed record TechnologySpec : ICheckedDescription
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <inheritdoc cref="LogicConstants"/>
    public required LogicConstants Logic { get; init; }

    /// <inheritdoc cref="MemoryConstants"/>
    public required MemoryConstants Memory { get; init; }

    /// <inheritdoc cref="PeripheryConstants"/>
    public required PeripheryConstants Periphery { get; init; }

    /// <inheritdoc cref="EnergyConstants"/>
    public required EnergyConstants Energy { get; init; }

    /// <inheritdoc cref="SupplyConstants"/>
    public required SupplyConstants Supply { get; init; }

    /// <inheritdoc cref="LeakageConstants"/>
    public required LeakageConstants Leakage { get; init; }

    /// <inheritdoc cref="ThermalConstants"/>
    public required ThermalConstants Thermal { get; init; }

    /// <inheritdoc cref="WaferConstants"/>
    public required WaferConstants Wafer { get; init; }

    /// <inheritdoc cref="MaskConstants"/>
    public required MaskConstants Masks { get; init; }

    /// <inheritdoc cref="CalibrationConstants"/>
    public required CalibrationConstants Calibration { get; init; }

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults()
    {
        if (2 * Wafer.EdgeExclusionMm.High >= Wafer.DiameterMm.Low)
            yield return new(
                FormattableString.Invariant($"wafer.edge_exclusion_mm {Wafer.EdgeExclusionMm.High} leaves nothing of the wafer"),
                "wafer.edge_exclusion_mm",
                "wafer.diameter_mm"
            );
        if (2 * Masks.CustomMaskUsd.Value > Masks.SetUsd.Value)
            yield return new(
                FormattableString.Invariant(
                    $"masks.custom_mask_usd {Masks.CustomMaskUsd.Value}: two custom masks cost more than the set ({Masks.SetUsd.Value})"
                ),
                "masks.custom_mask_usd",
                "masks.set_usd"
            );
        if (Masks.LayersAfterCustom.Value > Masks.Layers.Value)
            yield return new(
                FormattableString.Invariant($"masks.layers_after_custom {Masks.LayersAfterCustom.Value} must not exceed masks.layers"),
                "masks.layers_after_custom",
                "masks.layers"
            );
        if (Thermal.MaximumCelsius.Value <= Thermal.InletCelsius.Value)
            yield return new(
                FormattableString.Invariant($"thermal.maximum_celsius {Thermal.MaximumCelsius.Value} must be above the inlet's"),
                "thermal.maximum_celsius",
                "thermal.inlet_celsius"
            );
    }
}
