namespace TaalasSim.Server.Slots;

/// <summary>The answer is complete.</summary>
/// <param name="Answer">All of it.</param>
/// <param name="Rest">Text that was held back and has not been sent.</param>
public sealed record AnswerEnded(Answer Answer, string Rest) : AnswerPart;
