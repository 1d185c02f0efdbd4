namespace TaalasSim.Compiler.Quantize;

/// <summary>How one matrix is stored and why.</summary>
/// <param name="Port">Port name.</param>
/// <param name="Format">Name of the code format.</param>
/// <param name="BitsPerWeight">Stored bits per weight, scales included.</param>
/// <param name="Weights">Weights.</param>
/// <param name="RelativeError">Σ p (w − ŵ)² over Σ p w², p the mean squared activation; over a sample of the outputs.</param>
/// <param name="ProbeDivergence">KL divergence of the model when only this matrix is stored in the probe format, nats.</param>
public sealed record TensorChoice(string Port, string Format, double BitsPerWeight, long Weights, double RelativeError, double ProbeDivergence);
