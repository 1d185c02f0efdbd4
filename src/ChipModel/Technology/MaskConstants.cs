namespace TaalasSim.ChipModel.Technology;

/// <summary>Masks and the time to make wafers from them.</summary>
public sealed record MaskConstants
{
    /// <summary>Full mask set, USD.</summary>
    public required Constant SetUsd { get; init; }

    /// <summary>Cost of designing a chip in this process over the cost in N7.</summary>
    public required Constant DesignRatio { get; init; }

    /// <summary>One customised upper via or metal mask, USD.</summary>
    public required Constant CustomMaskUsd { get; init; }

    /// <summary>Masks of the full set.</summary>
    public required Constant Layers { get; init; }

    /// <summary>Layers still to be processed when a stocked base wafer is personalised, from the first custom layer to the pads.</summary>
    public required Constant LayersAfterCustom { get; init; }

    /// <summary>Fab days per mask layer.</summary>
    public required Constant DaysPerLayer { get; init; }

    /// <summary>Weeks to write and check the masks.</summary>
    public required Constant MaskWeeks { get; init; }

    /// <summary>Weeks to assemble and test.</summary>
    public required Constant AssemblyWeeks { get; init; }
}
