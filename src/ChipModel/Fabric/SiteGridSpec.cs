using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Places for banks, in a grid per die.</summary>
public sealed record SiteGridSpec
{
    /// <summary>Sites along the x axis of one die.</summary>
    [FieldRange(1, 1 << 14, "sites")]
    public required int Columns { get; init; }

    /// <summary>Sites along the y axis of one die.</summary>
    [FieldRange(1, 1 << 14, "sites")]
    public required int Rows { get; init; }

    /// <summary>Sites that share one network router (a tile), along x and along y.</summary>
    [FieldRange(1, 1 << 14, "sites")]
    public required int TileColumns { get; init; }

    /// <inheritdoc cref="TileColumns"/>
    [FieldRange(1, 1 << 14, "sites")]
    public required int TileRows { get; init; }

    /// <summary>Banks of one die beyond the grid, with their codes in RAM, that can take the place of faulty ones; no model is placed on
    /// them.</summary>
    [FieldRange(0, 1 << 24, "banks")]
    public int SpareBanks { get; init; }

    /// <summary>Rows of RAM of one die that can take the place of faulty ROM rows of any bank (patch SRAM), each as wide as a
    /// bank.</summary>
    [FieldRange(0, 1 << 20, "rows")]
    public int PatchRows { get; init; }

    /// <summary>Sites of one die.</summary>
    public int PerDie => Columns * Rows;
}
