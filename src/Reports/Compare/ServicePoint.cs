using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Compare;

/// <summary>Figures of one system at one service point; the five keys of every comparison.</summary>
public sealed record ServicePoint
{
    /// <summary>Requests in flight.</summary>
    public required double Users { get; init; }

    /// <summary>Answer tokens per second that one user sees.</summary>
    public required UncertaintyRange TokensPerSecondUser { get; init; }

    /// <summary>Answer tokens per second of all users together.</summary>
    public required UncertaintyRange TokensPerSecondTotal { get; init; }

    /// <summary>Watts of the cards at their plug.</summary>
    public required UncertaintyRange Watts { get; init; }

    /// <summary>Joules per answer token.</summary>
    public required UncertaintyRange JoulesPerToken { get; init; }

    /// <summary>Dollars per million answer tokens.</summary>
    public required UncertaintyRange UsdPerMillionTokens { get; init; }

    /// <summary>Seconds from request to first token, where the model gives it.</summary>
    public UncertaintyRange? TimeToFirstTokenSeconds { get; init; }

    /// <summary>Prompt tokens per second that stream one behind another; null for GPUs, whose prompts are in the time of the
    /// answer.</summary>
    public UncertaintyRange? PromptTokensPerSecond { get; init; }

    /// <summary>Joules per prompt token; null as above.</summary>
    public UncertaintyRange? JoulesPerPromptToken { get; init; }

    /// <summary>Dollars per million prompt tokens; null as above.</summary>
    public UncertaintyRange? UsdPerMillionPromptTokens { get; init; }

    /// <summary>What limits the speed, in words; empty when not known.</summary>
    public string Limit { get; init; } = "";
}
