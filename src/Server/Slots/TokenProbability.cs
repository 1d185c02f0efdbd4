namespace TaalasSim.Server.Slots;

/// <summary>A token with its probability.</summary>
/// <param name="Id">Token id.</param>
/// <param name="P">Probability, 0 … 1.</param>
public readonly record struct TokenProbability(int Id, float P);
