namespace TaalasSim.Server.Slots;

/// <summary>What a slot tells while it works: the prompt's progress, a token, the end, or a failure.</summary>
public abstract record AnswerPart;
