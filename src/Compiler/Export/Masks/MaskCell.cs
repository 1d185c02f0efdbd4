namespace TaalasSim.Compiler.Export.Masks;

/// <summary>One cell of the drawn masks: a site's bank or an array of the vector ROM, with its bits and its place.</summary>
public sealed record MaskCell
{
    /// <summary>Name of the cell in GDSII.</summary>
    public required string Name { get; init; }

    /// <summary>Site of a bank; −1 for an array of the vector ROM.</summary>
    public required int Site { get; init; }

    /// <summary>Die.</summary>
    public required int Die { get; init; }

    /// <summary>Left edge of the cell on the die, nm.</summary>
    public required int X { get; init; }

    /// <summary>Lower edge of the cell on the die, nm.</summary>
    public required int Y { get; init; }

    /// <summary>Bits of the weights layer in the order of the file; beyond their end there are no vias.</summary>
    public required byte[] Weights { get; init; }

    /// <summary>Bits of the dataflow layer: sixteen bytes for a bank, none for an array of the vector ROM.</summary>
    public required byte[] Straps { get; init; }

    /// <summary>Whether the cell has no via and no strap.</summary>
    public bool IsBlank => !Weights.AsSpan().ContainsAnyExcept((byte)0) && !Straps.AsSpan().ContainsAnyExcept((byte)0);
}
