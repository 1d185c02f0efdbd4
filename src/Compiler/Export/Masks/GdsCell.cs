namespace TaalasSim.Compiler.Export.Masks;

/// <summary>One cell of a GDSII file.</summary>
/// <param name="Name">Name.</param>
/// <param name="Shapes">Rectangles with their layer and datatype.</param>
/// <param name="References">Placements of other cells, arrays written out one by one.</param>
public sealed record GdsCell(string Name, IReadOnlyList<GdsShape> Shapes, IReadOnlyList<GdsReference> References);
