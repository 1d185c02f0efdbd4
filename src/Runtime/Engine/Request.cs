namespace TaalasSim.Runtime.Engine;

/// <summary>What one user asks for: a prompt and an answer.</summary>
/// <param name="ArrivalCycle">Cycle from which the first prompt token may enter, at least 0.</param>
/// <param name="PromptTokens">Tokens to read, at least 1; they stream through the pipeline one after another.</param>
/// <param name="OutputTokens">Tokens to answer with, at least 1; the first leaves the sampler behind the last prompt token.</param>
/// <param name="StartingContext">Positions that the KV memory already holds for this user.</param>
public readonly record struct Request(long ArrivalCycle, int PromptTokens, int OutputTokens, int StartingContext = 0);
