using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Part of a chip to export: a rectangle of sites of one die, or everything.</summary>
public sealed record MaskWindow
{
    /// <summary>Every site of every die and the vector ROM.</summary>
    public static MaskWindow Everything { get; } =
        new()
        {
            Die = -1,
            Column = 0,
            Row = 0,
            Columns = int.MaxValue,
            Rows = int.MaxValue,
        };

    /// <summary>Die, or −1 for all dies.</summary>
    public required int Die { get; init; }

    /// <summary>First site along x.</summary>
    public required int Column { get; init; }

    /// <summary>First site along y.</summary>
    public required int Row { get; init; }

    /// <summary>Sites along x.</summary>
    public required int Columns { get; init; }

    /// <summary>Sites along y.</summary>
    public required int Rows { get; init; }

    /// <summary>Whether the vector ROM belongs to it.</summary>
    public bool HoldsVectorRom => Die < 0;

    /// <summary>The window of one site.</summary>
    /// <exception cref="InputException">The fabric has no such site.</exception>
    public static MaskWindow Of(int site, FabricSpec fabric)
    {
        if (site < 0 || site >= fabric.Sites.PerDie * fabric.Dies)
            throw new InputException($"site {site} is not on the fabric, which has sites 0 to {(fabric.Sites.PerDie * fabric.Dies) - 1}");
        var (die, column, row) = PlaceModel.Position(site, fabric);
        return new MaskWindow
        {
            Die = die,
            Column = column,
            Row = row,
            Columns = 1,
            Rows = 1,
        };
    }

    /// <summary>Whether the site lies in the window.</summary>
    public bool Holds(int site, FabricSpec fabric)
    {
        var (die, column, row) = PlaceModel.Position(site, fabric);
        return (Die < 0 || die == Die) && column >= Column && column - Column < Columns && row >= Row && row - Row < Rows;
    }
}
