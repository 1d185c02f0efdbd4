namespace TaalasSim.ChipModel.Fabric;

/// <summary>Drawn form and design rules of the two customised layers. Read from <c>chips/masks/*.yaml</c>; lengths in nanometres.</summary>
public sealed record MaskRules
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The weights layer: one via per stored bit that is one.</summary>
    public required ViaRules Weights { get; init; }

    /// <summary>The dataflow layer: one strap per strap bit that is one.</summary>
    public required StrapRules Dataflow { get; init; }

    /// <summary>Where banks are placed.</summary>
    public required FloorplanRules Floorplan { get; init; }

    /// <summary>Numbers of the layers in a GDSII file, for fabrics that do not give their own (<see cref="FabricSpec.Gds"/>).</summary>
    public required GdsLayers Gds { get; init; }
}
