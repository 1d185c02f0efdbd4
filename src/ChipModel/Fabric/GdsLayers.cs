namespace TaalasSim.ChipModel.Fabric;

/// <summary>Layer and datatype numbers, 0…32767.</summary>
public sealed record GdsLayers
{
    /// <summary>The customised layer of the weights: a via for each stored bit that is one.</summary>
    public required GdsLayer Weights { get; init; }

    /// <summary>The customised layer of the dataflow: a strap for each bit that is one.</summary>
    public required GdsLayer Dataflow { get; init; }

    /// <summary>Outline of each site, for orientation only.</summary>
    public required GdsLayer Outline { get; init; }
}
