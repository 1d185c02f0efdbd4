namespace TaalasSim.Runtime.Quality;

/// <summary>Quality at one setting of one axis, everything else as in the fabric.</summary>
/// <param name="Axis">What was varied.</param>
/// <param name="Bits">Its width.</param>
/// <param name="Row">Perplexity, KL divergence from the reference, share of equal most likely tokens.</param>
public sealed record QualityPoint(QualityAxis Axis, int Bits, DivergenceRow Row);
