namespace TaalasSim.Reports.Traces;

/// <summary>What a chip does for one request.</summary>
/// <param name="Request">Place of the request in its trace.</param>
/// <param name="ArrivalSeconds">When the job comes to the chip.</param>
/// <param name="PromptTokens">Prompt tokens that the chip reads; 0 where keys and values come from elsewhere.</param>
/// <param name="Context">Positions behind the prompt.</param>
/// <param name="AnswerTokens">Answer tokens that the chip computes, at least 1.</param>
/// <param name="KvBytes">Keys and values of the whole request.</param>
internal readonly record struct ChipJob(
    int Request,
    double ArrivalSeconds,
    int PromptTokens,
    int Context,
    int AnswerTokens,
    double KvBytes
);
