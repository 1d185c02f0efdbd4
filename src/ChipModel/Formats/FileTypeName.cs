namespace TaalasSim.ChipModel.Formats;

/// <summary>A type of a whole model file that stores most matrices in one format.</summary>
/// <param name="Name">Lower-case name, as <c>quantize</c> takes it.</param>
/// <param name="Id">Value of the key <c>general.file_type</c> (enum llama_ftype of llama.cpp).</param>
/// <param name="Mixed">Whether sensitive matrices get wider formats.</param>
/// <param name="Place">Place in lists of file types, widest first.</param>
public sealed record FileTypeName(string Name, uint Id, bool Mixed, int Place);
