namespace TaalasSim.Runtime.Decode;

/// <summary>A position of a block that gets its token.</summary>
/// <param name="Position">Place in the block, from 0.</param>
/// <param name="Id">Token.</param>
/// <param name="Confidence">Probability of the token.</param>
public readonly record struct Reveal(int Position, int Id, float Confidence);
