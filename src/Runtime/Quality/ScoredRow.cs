namespace TaalasSim.Runtime.Quality;

/// <summary>Receives the logits of one scored position.</summary>
/// <param name="row">Scored position in the chunk, from 0.</param>
/// <param name="logits">One value per token of the vocabulary.</param>
/// <param name="next">Token that follows in the text.</param>
public delegate void ScoredRow(int row, ReadOnlySpan<float> logits, int next);
