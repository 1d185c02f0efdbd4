using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Masks and the time to make wafers from them.</summary>
public sealed record MaskConstants
{
    /// <summary>Full mask set, USD.</summary>
    [FieldRange(0, 1e9, "USD")]
    public required Constant SetUsd { get; init; }

    /// <summary>Cost of designing a chip in this process over the cost in N7.</summary>
    [FieldRange(0, 1000, "1")]
    public required Constant DesignRatio { get; init; }

    /// <summary>One customised upper via or metal mask, USD.</summary>
    [FieldRange(0, 1e8, "USD")]
    public required Constant CustomMaskUsd { get; init; }

    /// <summary>Masks of the full set.</summary>
    [FieldRange(1, 1000, "masks")]
    public required Constant Layers { get; init; }

    /// <summary>Layers still to be processed when a stocked base wafer is personalised, from the first custom layer to the pads.</summary>
    [FieldRange(0, 1000, "layers")]
    public required Constant LayersAfterCustom { get; init; }

    /// <summary>Fab days per mask layer.</summary>
    [FieldRange(0, 100, "days")]
    public required Constant DaysPerLayer { get; init; }

    /// <summary>Weeks to write and check the masks.</summary>
    [FieldRange(0, 520, "weeks")]
    public required Constant MaskWeeks { get; init; }

    /// <summary>Weeks to assemble and test.</summary>
    [FieldRange(0, 520, "weeks")]
    public required Constant AssemblyWeeks { get; init; }
}
