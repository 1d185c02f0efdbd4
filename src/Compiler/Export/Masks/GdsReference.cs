namespace TaalasSim.Compiler.Export.Masks;

/// <summary>A cell placed at a point.</summary>
public readonly record struct GdsReference(string Cell, int X, int Y);
