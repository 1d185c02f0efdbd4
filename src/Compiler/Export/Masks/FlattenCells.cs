using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Gives the shapes on the two mask layers of a bank, an array of the vector ROM or a die: those of the cell itself and of all
/// cells that it places, at every level. What does not belong there is named.</summary>
internal sealed class FlattenCells
{
    private readonly Dictionary<string, IReadOnlyList<GdsShape>> _parts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly GdsLayers _layers;
    private readonly Action<string, Rectangle, string> _fault;

    /// <summary>Cells of one file.</summary>
    /// <param name="layers">Layers of the file.</param>
    /// <param name="fault">Told the cell, the place and what is wrong there.</param>
    public FlattenCells(GdsLayers layers, Action<string, Rectangle, string> fault) => (_layers, _fault) = (layers, fault);

    /// <summary>Whether the cell is a bank, an array of the vector ROM or a die.</summary>
    public static bool IsNamed(string cell) => IsArray(cell) || ExportGds.DieOf(cell) >= 0;

    /// <summary>Whether the cell is a bank or an array of the vector ROM.</summary>
    public static bool IsArray(string cell) => ExportGds.SiteOf(cell) >= 0 || ExportGds.VectorArrayOf(cell) >= 0;

    /// <summary>Keeps a cell that others may place.</summary>
    public void Add(GdsCell cell)
    {
        if (!_parts.TryAdd(cell.Name, Shapes(cell)))
            _fault(cell.Name, default, "is defined twice");
    }

    /// <summary>Vias and straps of a cell. Placements of banks and arrays are left to the caller when the cell is a die.</summary>
    public (List<Rectangle> Vias, List<Rectangle> Straps) Layers(GdsCell cell)
    {
        var (vias, straps) = (new List<Rectangle>(), new List<Rectangle>());
        foreach (var shape in Shapes(cell))
            if (On(shape, _layers.Weights))
                vias.Add(shape.Box);
            else if (On(shape, _layers.Dataflow))
                straps.Add(shape.Box);
        return (vias, straps);
    }

    /// <summary>Names the cells with shapes that nothing places. The standard via and strap may be unused.</summary>
    public void Finish()
    {
        foreach (var (cell, shapes) in _parts)
            if (shapes.Count > 0 && !_placed.Contains(cell) && !(shapes.Count == 1 && cell is ExportGds.ViaCell or ExportGds.StrapCell))
                _fault(cell, shapes[0].Box, "has shapes but is placed nowhere");
    }

    private static bool On(GdsShape shape, GdsLayer layer) => shape.Layer == layer.Layer && shape.Datatype == layer.Datatype;

    private List<GdsShape> Shapes(GdsCell cell)
    {
        var result = new List<GdsShape>(cell.Shapes.Count + cell.References.Count);
        foreach (var shape in cell.Shapes)
            if (On(shape, _layers.Weights) || On(shape, _layers.Dataflow))
                result.Add(shape);
            else if (!On(shape, _layers.Outline))
                _fault(cell.Name, shape.Box, $"is on layer {shape.Layer}/{shape.Datatype}, which the masks do not have");
        foreach (var reference in cell.References)
        {
            if (IsArray(reference.Cell) && ExportGds.DieOf(cell.Name) >= 0)
                continue;
            var place = new Rectangle(reference.X, reference.Y, reference.X, reference.Y);
            if (IsNamed(reference.Cell))
                _fault(cell.Name, place, $"places {reference.Cell}, which only a die may place");
            else if (!_parts.TryGetValue(reference.Cell, out var part))
                _fault(cell.Name, place, $"places {reference.Cell}, which is not defined before it");
            else
            {
                _placed.Add(reference.Cell);
                foreach (var shape in part)
                    result.Add(shape with { Box = reference.Place(shape.Box) });
            }
        }

        return result;
    }
}
