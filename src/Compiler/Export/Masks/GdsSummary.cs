namespace TaalasSim.Compiler.Export.Masks;

/// <summary>What a GDSII export holds.</summary>
/// <param name="Banks">Sites with a bank.</param>
/// <param name="VectorArrays">Arrays of the vector ROM.</param>
/// <param name="Vias">Vias on the weights layer.</param>
/// <param name="Straps">Straps on the dataflow layer.</param>
/// <param name="Bytes">Bytes of the file.</param>
public sealed record GdsSummary(int Banks, int VectorArrays, long Vias, long Straps, long Bytes);
