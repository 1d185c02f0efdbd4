namespace TaalasSim.ChipModel.Gpu;

/// <summary>What a table of measurements is to the fit.</summary>
public enum GpuTable
{
    /// <summary>The fit did not see it.</summary>
    Unseen,

    /// <summary>Fitted: H100 and A100.</summary>
    Calibration,

    /// <summary>Fitted: a few models on several generations.</summary>
    Anchors,

    /// <summary>Published bars that are shown and not gated.</summary>
    Reference,
}
