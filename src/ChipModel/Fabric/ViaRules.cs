using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Via grid of a ROM array. A via is at the centre of a landing pad of the fabric's metal.</summary>
public sealed record ViaRules
{
    /// <summary>Distance of bit lines (x), nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant PitchXNm { get; init; }

    /// <summary>Distance of word lines (y), nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant PitchYNm { get; init; }

    /// <summary>Side of the square via, nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant SizeNm { get; init; }

    /// <summary>Side of the square landing pad below and above the via, nm.</summary>
    [FieldRange(1, 1e6, "nm")]
    public required Constant PadNm { get; init; }

    /// <summary>Least overhang of the pad over the via on every side, nm.</summary>
    [FieldRange(0, 1e6, "nm")]
    public required Constant EnclosureNm { get; init; }

    /// <summary>Least distance between edges of two vias, nm.</summary>
    [FieldRange(0, 1e6, "nm")]
    public required Constant SpaceNm { get; init; }

    /// <summary>Side of a density window, nm; windows step by half of it.</summary>
    [FieldRange(1, 1e9, "nm")]
    public required Constant WindowNm { get; init; }

    /// <summary>Largest share of a window that vias may cover.</summary>
    [FieldRange(0.001, 1, "fraction")]
    public required Constant DensityMaximum { get; init; }
}
