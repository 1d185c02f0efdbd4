using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>What became of one tensor.</summary>
/// <param name="Name">Tensor.</param>
/// <param name="From">Type before.</param>
/// <param name="To">Type after.</param>
/// <param name="Bytes">Bytes after.</param>
/// <param name="RelativeError">Root of Σ(w − ŵ)² / Σw² between the values before and after; 0 for a tensor that was copied; null when
/// nothing was written.</param>
public sealed record TensorRewrite(string Name, CodeFormat From, CodeFormat To, long Bytes, double? RelativeError);
