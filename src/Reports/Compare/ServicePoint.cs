using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Reports.Compare;

/// <summary>Figures of one system at one service point; the five keys of every comparison.</summary>
public sealed record ServicePoint
{
    /// <summary>Requests in flight.</summary>
    public required double Users { get; init; }

    /// <summary>Answer tokens per second that one user sees.</summary>
    public required Interval TokensPerSecondUser { get; init; }

    /// <summary>Answer tokens per second of all users together.</summary>
    public required Interval TokensPerSecondTotal { get; init; }

    /// <summary>Watts of the cards at their plug.</summary>
    public required Interval Watts { get; init; }

    /// <summary>Joules per answer token.</summary>
    public required Interval JoulesPerToken { get; init; }

    /// <summary>Dollars per million answer tokens.</summary>
    public required Interval UsdPerMillionTokens { get; init; }

    /// <summary>Seconds from request to first token, where the model gives it.</summary>
    public Interval? TimeToFirstTokenSeconds { get; init; }

    /// <summary>Prompt tokens per second that stream one behind another; null for GPUs, whose prompts are in the time of the answer.</summary>
    public Interval? PromptTokensPerSecond { get; init; }

    /// <summary>Joules per prompt token; null as above.</summary>
    public Interval? JoulesPerPromptToken { get; init; }

    /// <summary>Dollars per million prompt tokens; null as above.</summary>
    public Interval? UsdPerMillionPromptTokens { get; init; }

    /// <summary>What limits the speed, in words; empty when not known.</summary>
    public string Limit { get; init; } = "";
}
