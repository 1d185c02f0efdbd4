namespace TaalasSim.Server.Slots;

/// <summary>A token of an answer.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Probability">Its probability; NaN when nobody asked.</param>
/// <param name="Top">The most likely tokens at this place; empty when nobody asked.</param>
public sealed record GeneratedToken(int Id, float Probability, IReadOnlyList<TokenProbability> Top);
