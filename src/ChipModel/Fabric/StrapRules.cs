using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Straps of a site: rectangles at fixed positions in rows, each bridging the gap between two pads.</summary>
public sealed record StrapRules
{
    /// <summary>Distance of neighbouring strap positions in a row (x), nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant PitchNm { get; init; }

    /// <summary>Distance of strap rows (y), nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant RowPitchNm { get; init; }

    /// <summary>Strap width (x), nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant WidthNm { get; init; }

    /// <summary>Strap length (y), nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant LengthNm { get; init; }

    /// <summary>Gap that a strap bridges, between the two pads, nm.</summary>
    [FieldRange(0, 1e6, "nm")]
    public required Constant GapNm { get; init; }

    /// <summary>Least overlap of a strap with each pad, nm.</summary>
    [FieldRange(0, 1e6, "nm")]
    public required Constant OverlapNm { get; init; }

    /// <summary>Least distance between edges of two straps, nm.</summary>
    [FieldRange(0, 1e6, "nm")]
    public required Constant SpaceNm { get; init; }

    /// <summary>Positions in one row.</summary>
    [FieldRange(1, 1e6, "positions")]
    public required Constant Row { get; init; }

    /// <summary>Side of a density window, nm; windows step by half of it.</summary>
    [FieldRange(1, 1e9, "nm")]
    public required Constant WindowNm { get; init; }

    /// <summary>Largest share of a window that straps may cover.</summary>
    [FieldRange(0.001, 1, "fraction")]
    public required Constant DensityMaximum { get; init; }
}
