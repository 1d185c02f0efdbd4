using TaalasSim.Runtime.Card.Faults;

namespace TaalasSim.Runtime.Host.Campaign;

/// <summary>What one campaign found.</summary>
public sealed record CampaignOutcome
{
    /// <summary>Repeats the campaign.</summary>
    public required int Seed { get; init; }

    /// <summary>Faults that were armed.</summary>
    public required IReadOnlyList<FaultSpec> Armed { get; init; }

    /// <summary>Faults of <see cref="Armed"/> that had their opportunity.</summary>
    public required IReadOnlyList<FaultSpec> Struck { get; init; }

    /// <summary>Whether a client was ended in the middle of its work.</summary>
    public required bool KilledClient { get; init; }

    /// <summary>Sessions: streams of tokens, and channels with commands.</summary>
    public required int Sessions { get; init; }

    /// <summary>Tokens that reached the host.</summary>
    public required int Tokens { get; init; }

    /// <summary>Commands of channels that were answered.</summary>
    public required int Commands { get; init; }

    /// <summary>How often a session began again after a fault.</summary>
    public required int Recoveries { get; init; }

    /// <summary>Whether the card was lost for good, as after its removal.</summary>
    public required bool LostCard { get; init; }

    /// <summary>Simulated time, ns.</summary>
    public required long TimeNs { get; init; }

    /// <summary>Of every token, answer and time: equal campaigns have equal digests.</summary>
    public required ulong Digest { get; init; }

    /// <summary>What must not happen and did.</summary>
    public required IReadOnlyList<string> Violations { get; init; }
}
