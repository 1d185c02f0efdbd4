namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>A tensor on its way to the new file.</summary>
/// <param name="Source">Tensor of the model that is read.</param>
/// <param name="Name">Its name in the new file, which has other layer numbers when layers are left out.</param>
internal readonly record struct PlannedTensor(GgufTensor Source, string Name);
