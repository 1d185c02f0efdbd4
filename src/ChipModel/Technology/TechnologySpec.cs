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
