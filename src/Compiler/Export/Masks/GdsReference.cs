namespace TaalasSim.Compiler.Export.Masks;

/// <summary>A cell placed at a point: turned, then moved.</summary>
public readonly record struct GdsReference(string Cell, int X, int Y, GdsTurn Turn = default)
{
    /// <summary>Where the placement puts a rectangle of the cell.</summary>
    public Rectangle Place(Rectangle box) => Turn.Apply(box).Moved(X, Y);
}
