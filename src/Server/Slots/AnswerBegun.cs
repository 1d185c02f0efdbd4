namespace TaalasSim.Server.Slots;

/// <summary>The slot has begun.</summary>
public sealed record AnswerBegun : AnswerPart;
