namespace TaalasSim.Server.Slots;

/// <summary>What an answer took: on the host, and on the simulated chip.</summary>
public sealed record AnswerTimings
{
    /// <summary>Prompt tokens that the slot held already.</summary>
    public int Cached { get; init; }

    /// <summary>Prompt tokens evaluated.</summary>
    public int Prompt { get; init; }

    /// <summary>Host time for them, ms.</summary>
    public double PromptMs { get; init; }

    /// <summary>Tokens generated.</summary>
    public int Predicted { get; init; }

    /// <summary>Host time from the first to the last of them, ms.</summary>
    public double PredictedMs { get; init; }

    /// <summary>Simulated time from the start of the request to its first token, s.</summary>
    public double SimulatedFirstTokenSeconds { get; init; }

    /// <summary>Simulated time from the first to the last token, s.</summary>
    public double SimulatedDecodeSeconds { get; init; }

    /// <summary>
    /// Simulated energy, J: the card's energy during the request, above idle, shared by the tokens that each slot evaluated in that time.
    /// </summary>
    public double Joules { get; init; }

    /// <summary>Power of the card during the request, W, idle included.</summary>
    public double Watts { get; init; }
}
