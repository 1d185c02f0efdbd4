namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Vias of a die counted in equal rectangles: every site (and every array of the vector ROM) is cut into parts × parts of
/// them.</summary>
public sealed record DieRaster
{
    /// <summary>Die.</summary>
    public required int Die { get; init; }

    /// <summary>Rectangles a site is cut into along each side.</summary>
    public required int Parts { get; init; }

    /// <summary>Rectangles along x.</summary>
    public required int Columns { get; init; }

    /// <summary>Rectangles along y.</summary>
    public required int Rows { get; init; }

    /// <summary>Left edge on the die, nm.</summary>
    public required int Left { get; init; }

    /// <summary>Lower edge on the die, nm; negative where the vector ROM is below the sites.</summary>
    public required int Bottom { get; init; }

    /// <summary>Width of a rectangle, nm.</summary>
    public required double CellWidth { get; init; }

    /// <summary>Height of a rectangle, nm.</summary>
    public required double CellHeight { get; init; }

    /// <summary>Vias by row from below and column, counted by their centres.</summary>
    public required long[] Vias { get; init; }

    /// <summary>Via positions by row from below and column; 0 where there is no cell or its array does not reach.</summary>
    public required long[] Positions { get; init; }

    /// <summary>Sites that have a strap: lower left corners, nm.</summary>
    public required IReadOnlyList<(int X, int Y)> StrappedSites { get; init; }
}
