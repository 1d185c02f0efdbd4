namespace TaalasSim.ChipModel.Timing;

/// <summary>What users ask for: lengths of prompt and answer, and how many are served at once.</summary>
/// <param name="InputTokens">Prompt tokens per request, at least 1.</param>
/// <param name="OutputTokens">Answer tokens per request, at least 1.</param>
/// <param name="Users">Requests in flight, at least 1.</param>
public readonly record struct ServiceShape(int InputTokens, int OutputTokens, int Users = 1)
{
    /// <summary>Positions attended by the mean answer token: the prompt and half the answer.</summary>
    public double MeanContext => InputTokens + (0.5 * OutputTokens);

    /// <summary>Throws unless all three are at least 1.</summary>
    public void Check()
    {
        if (InputTokens < 1 || OutputTokens < 1 || Users < 1)
            throw new Files.InputException(
                $"service: {InputTokens} input tokens, {OutputTokens} output tokens and {Users} users: each must be at least 1"
            );
    }
}
