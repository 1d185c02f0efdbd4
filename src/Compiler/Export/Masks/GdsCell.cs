namespace TaalasSim.Compiler.Export;

/// <summary>One cell of a GDSII file.</summary>
/// <param name="Name">Name.</param>
/// <param name="Shapes">Rectangles with their layer and datatype.</param>
/// <param name="References">Placements of other cells, arrays written out one by one.</param>
public sealed record GdsCell(string Name, IReadOnlyList<GdsShape> Shapes, IReadOnlyList<GdsReference> References);

/// <summary>A rectangle on a layer.</summary>
public readonly record struct GdsShape(int Layer, int Datatype, Rectangle Box);

/// <summary>A cell placed at a point.</summary>
public readonly record struct GdsReference(string Cell, int X, int Y);
