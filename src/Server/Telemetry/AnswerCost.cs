namespace TaalasSim.Server.Telemetry;

/// <summary>What an answer took, for its span.</summary>
public readonly record struct AnswerCost
{
    /// <summary>Slot that made it.</summary>
    public required int Slot { get; init; }

    /// <summary>Prompt tokens that the slot held already.</summary>
    public required int Cached { get; init; }

    /// <summary>Prompt tokens evaluated.</summary>
    public required int Prompt { get; init; }

    /// <summary>Tokens generated.</summary>
    public required int Predicted { get; init; }

    /// <summary>Simulated time from the start of the answer to its first token, s.</summary>
    public required double FirstTokenSeconds { get; init; }

    /// <summary>Simulated time from the first to the last token, s.</summary>
    public required double DecodeSeconds { get; init; }

    /// <summary>Simulated energy above idle, J; 0 of answers that did not end.</summary>
    public required double Joules { get; init; }
}
