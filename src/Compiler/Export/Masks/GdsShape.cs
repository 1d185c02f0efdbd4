namespace TaalasSim.Compiler.Export.Masks;

/// <summary>A rectangle on a layer.</summary>
public readonly record struct GdsShape(int Layer, int Datatype, Rectangle Box);
