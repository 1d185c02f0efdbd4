namespace TaalasSim.Reports.Traces;

/// <summary>One request of a trace.</summary>
/// <param name="ArrivalSeconds">When it arrives, seconds from the start of the trace, at least 0.</param>
/// <param name="PromptTokens">Prompt tokens, at least 1.</param>
/// <param name="AnswerTokens">Answer tokens, at least 1.</param>
public readonly record struct TraceRequest(double ArrivalSeconds, int PromptTokens, int AnswerTokens);
