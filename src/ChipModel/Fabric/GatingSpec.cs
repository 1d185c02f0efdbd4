namespace TaalasSim.ChipModel.Fabric;

/// <summary>Regions whose power or clock can be switched off: the optional section <c>gating</c> of a fabric. A region that is absent is
/// always powered; its clocks run as the model has them elsewhere.</summary>
public sealed record GatingSpec
{
    /// <summary>Banks with their reduction; their control registers are clocked always where nothing is said.</summary>
    public RegionGating? Banks { get; init; }

    /// <summary>Vector lanes.</summary>
    public RegionGating? Vector { get; init; }

    /// <summary>KV SRAM; retained leakage keeps its contents.</summary>
    public RegionGating? KvSram { get; init; }

    /// <summary>Multipliers beside the KV ports.</summary>
    public RegionGating? Attention { get; init; }

    /// <summary>Routers and links.</summary>
    public RegionGating? Network { get; init; }
}
