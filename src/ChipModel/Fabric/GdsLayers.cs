namespace TaalasSim.ChipModel.Fabric;

/// <summary>Layer and datatype numbers, 0…32767.</summary>
public sealed record GdsLayers
{
    public required GdsLayer Weights { get; init; }

    public required GdsLayer Dataflow { get; init; }

    /// <summary>Outline of each site, for orientation only.</summary>
    public required GdsLayer Outline { get; init; }
}
