namespace TaalasSim.Runtime.Host.Generate;

/// <summary>What was generated and what it cost, in simulated and in host time.</summary>
public sealed record Generation
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>New ids.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Simulated time from the request to the first token at the host.</summary>
    public required double TimeToFirstTokenSeconds { get; init; }

    /// <summary>Simulated time from the first to the last token at the host.</summary>
    public required double DecodeSeconds { get; init; }

    /// <summary>Simulated time of the whole request.</summary>
    public required double SimulatedSeconds { get; init; }

    /// <summary>Simulated energy of the whole request, from the card's counter.</summary>
    public required double Joules { get; init; }

    /// <summary>Time that the simulation took on the host.</summary>
    public required double WallSeconds { get; init; }
}
