namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Bits that a drawn cell stands for, read back from its vias and straps.</summary>
/// <param name="Cell">Name of the cell.</param>
/// <param name="Site">Site of a bank, −1 for an array of the vector ROM.</param>
/// <param name="Weights">Bytes of the whole array; beyond the bank's own bytes they are zero.</param>
/// <param name="Straps">Sixteen bytes of straps.</param>
public sealed record MaskBits(string Cell, int Site, byte[] Weights, byte[] Straps);
