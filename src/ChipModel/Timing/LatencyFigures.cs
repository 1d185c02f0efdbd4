using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Timing;

/// <summary>Speeds of a chip under a service.</summary>
public readonly record struct LatencyFigures
{
    /// <summary>One token through the chip at the mean context, seconds.</summary>
    public required Seconds TokenSeconds { get; init; }

    /// <summary>Least time between two tokens, seconds.</summary>
    public required Seconds IntervalSeconds { get; init; }

    /// <summary>Answer tokens per second that each user sees while decoding.</summary>
    public required double TokensPerSecondUser { get; init; }

    /// <summary>Answer tokens per second of all users.</summary>
    public required double TokensPerSecondTotal { get; init; }

    /// <summary>From the prompt to the first answer token on an idle chip, seconds.</summary>
    public required Seconds TimeToFirstTokenSeconds { get; init; }

    /// <summary>Seconds in which one prompt token after another enters, on average over the prompt; 0 where prompts are computed with the
    /// answer.</summary>
    public required Seconds PromptTokenSeconds { get; init; }

    /// <summary>Users at which the busiest resource is always busy.</summary>
    public required double UsersToSaturate { get; init; }

    /// <summary>The busiest resource.</summary>
    public required FabricUnit BindingUnit { get; init; }
}
