namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Orientation of a placed cell: mirrored about the x axis, then turned counter-clockwise.</summary>
/// <param name="Quarters">Quarter turns, 0…3.</param>
/// <param name="Mirrored">Whether y changes its sign first.</param>
public readonly record struct GdsTurn(byte Quarters, bool Mirrored)
{
    /// <summary>The rectangle in its new orientation about the origin.</summary>
    public Rectangle Apply(Rectangle box)
    {
        if (Mirrored)
            box = new Rectangle(box.Left, -box.Top, box.Right, -box.Bottom);
        return Quarters switch
        {
            1 => new Rectangle(-box.Top, box.Left, -box.Bottom, box.Right),
            2 => new Rectangle(-box.Right, -box.Top, -box.Left, -box.Bottom),
            3 => new Rectangle(box.Bottom, -box.Right, box.Top, -box.Left),
            _ => box,
        };
    }
}
