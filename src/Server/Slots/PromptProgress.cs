namespace TaalasSim.Server.Slots;

/// <summary>How far the prompt is.</summary>
/// <param name="Total">Tokens of the prompt.</param>
/// <param name="Cached">Of these, held by the slot already.</param>
/// <param name="Processed">Tokens in the context.</param>
/// <param name="Timings">What it took so far.</param>
public sealed record PromptProgress(int Total, int Cached, int Processed, AnswerTimings Timings) : AnswerPart;
