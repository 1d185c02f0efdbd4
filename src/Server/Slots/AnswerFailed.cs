namespace TaalasSim.Server.Slots;

/// <summary>The answer failed.</summary>
/// <param name="Fault">Why.</param>
public sealed record AnswerFailed(Exception Fault) : AnswerPart;
