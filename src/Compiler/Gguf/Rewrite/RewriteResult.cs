namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>What was written.</summary>
/// <param name="Files">The files in order; the first is the one to open.</param>
/// <param name="Tensors">Every tensor, in the order of the files.</param>
public sealed record RewriteResult(IReadOnlyList<string> Files, IReadOnlyList<TensorRewrite> Tensors);
