using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>What a service gets from a card, each figure with its 90 % interval.</summary>
public sealed record GpuView
{
    /// <summary>Sequences decoded at once.</summary>
    public required double Batch { get; init; }

    /// <summary>Output tokens per second that one user sees.</summary>
    public required UncertaintyRange TokensPerSecondUser { get; init; }

    /// <summary>Output tokens per second of all users, prompts included in the time.</summary>
    public required UncertaintyRange TokensPerSecondTotal { get; init; }

    /// <summary>Seconds from request to first token.</summary>
    public required UncertaintyRange TimeToFirstTokenSeconds { get; init; }

    /// <summary>Watts of all cards of the group.</summary>
    public required UncertaintyRange Watts { get; init; }

    /// <summary>Joules per output token, all cards.</summary>
    public required UncertaintyRange JoulesPerToken { get; init; }

    /// <summary>Rent per million output tokens, USD, all cards.</summary>
    public required UncertaintyRange UsdPerMillionTokens { get; init; }

    /// <summary>Sequences that fit in memory under the engine's limits.</summary>
    public required double Admitted { get; init; }

    /// <summary>The largest part of a step, e.g. <c>weight bandwidth</c>, or <c>memory capacity</c> when it bounds the batch asked
    /// for.</summary>
    public required string BindingLimit { get; init; }

    /// <summary>One step by cause.</summary>
    public required GpuStep Step { get; init; }
}
