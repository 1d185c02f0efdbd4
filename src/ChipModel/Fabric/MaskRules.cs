using TaalasSim.ChipModel.Technology;

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

    /// <summary>Where banks stand.</summary>
    public required FloorplanRules Floorplan { get; init; }

    /// <summary>Numbers of the layers in a GDSII file, for fabrics that do not give their own (<see cref="FabricSpec.Gds"/>).</summary>
    public required GdsLayers Gds { get; init; }
}

/// <summary>Via grid of a ROM array. A via stands at the centre of a landing pad of the fabric's metal.</summary>
public sealed record ViaRules
{
    /// <summary>Distance of bit lines (x), nm.</summary>
    public required Constant PitchXNm { get; init; }

    /// <summary>Distance of word lines (y), nm.</summary>
    public required Constant PitchYNm { get; init; }

    /// <summary>Side of the square via, nm.</summary>
    public required Constant SizeNm { get; init; }

    /// <summary>Side of the square landing pad below and above the via, nm.</summary>
    public required Constant PadNm { get; init; }

    /// <summary>Least overhang of the pad over the via on every side, nm.</summary>
    public required Constant EnclosureNm { get; init; }

    /// <summary>Least distance between edges of two vias, nm.</summary>
    public required Constant SpaceNm { get; init; }

    /// <summary>Side of a density window, nm; windows step by half of it.</summary>
    public required Constant WindowNm { get; init; }

    /// <summary>Largest share of a window that vias may cover.</summary>
    public required Constant DensityMaximum { get; init; }
}

/// <summary>Straps of a site: rectangles at fixed positions in rows, each bridging the gap between two pads.</summary>
public sealed record StrapRules
{
    /// <summary>Distance of neighbouring strap positions in a row (x), nm.</summary>
    public required Constant PitchNm { get; init; }

    /// <summary>Distance of strap rows (y), nm.</summary>
    public required Constant RowPitchNm { get; init; }

    /// <summary>Strap width (x), nm.</summary>
    public required Constant WidthNm { get; init; }

    /// <summary>Strap length (y), nm.</summary>
    public required Constant LengthNm { get; init; }

    /// <summary>Gap that a strap bridges, between the two pads, nm.</summary>
    public required Constant GapNm { get; init; }

    /// <summary>Least overlap of a strap with each pad, nm.</summary>
    public required Constant OverlapNm { get; init; }

    /// <summary>Least distance between edges of two straps, nm.</summary>
    public required Constant SpaceNm { get; init; }

    /// <summary>Positions in one row.</summary>
    public required Constant Row { get; init; }

    /// <summary>Side of a density window, nm; windows step by half of it.</summary>
    public required Constant WindowNm { get; init; }

    /// <summary>Largest share of a window that straps may cover.</summary>
    public required Constant DensityMaximum { get; init; }
}

/// <summary>How much room a bank takes around its ROM array.</summary>
public sealed record FloorplanRules
{
    /// <summary>Share of a site's area that the ROM array covers; selectors, accumulators and the network take the rest.</summary>
    public required Constant ArrayShare { get; init; }

    /// <summary>Site pitch is rounded up to a multiple of this, nm.</summary>
    public required Constant SnapNm { get; init; }
}

/// <summary>Layer and datatype numbers, 0…32767.</summary>
public sealed record GdsLayers
{
    public required GdsLayer Weights { get; init; }

    public required GdsLayer Dataflow { get; init; }

    /// <summary>Outline of each site, for orientation only.</summary>
    public required GdsLayer Outline { get; init; }
}

/// <summary>One layer of a GDSII file.</summary>
public sealed record GdsLayer
{
    public required int Layer { get; init; }

    public required int Datatype { get; init; }
}
