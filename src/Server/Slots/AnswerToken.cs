namespace TaalasSim.Server.Slots;

/// <summary>A token, with the text that became certain with it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Text to send; often empty, since a character or a stop text may be incomplete.</param>
/// <param name="Index">Number of the token, from 1.</param>
/// <param name="Timings">What it took so far.</param>
/// <param name="EndsAnswer">Whether a stop text came with it.</param>
public sealed record AnswerToken(GeneratedToken Token, string Text, int Index, AnswerTimings Timings, bool EndsAnswer) : AnswerPart;
