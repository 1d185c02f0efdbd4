namespace TaalasSim.Server.Slots;

/// <summary>A whole answer.</summary>
public sealed record Answer
{
    /// <summary>The request's number of this answer, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Slot that made it.</summary>
    public required int Slot { get; init; }

    /// <summary>Prompt.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>Text, stop text left out.</summary>
    public required string Text { get; init; }

    /// <summary>Tokens.</summary>
    public required IReadOnlyList<GeneratedToken> Tokens { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopKind Stop { get; init; }

    /// <summary>The stop text that came; empty otherwise.</summary>
    public required string StoppingWord { get; init; }

    /// <summary>Whether the context was too short for all of it.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>Whether a new line was sent.</summary>
    public required bool HasNewLine { get; init; }

    /// <summary>Tokens that the slot holds now.</summary>
    public required int TokensCached { get; init; }

    /// <summary>Seed that was drawn from.</summary>
    public required uint Seed { get; init; }

    /// <summary>What it took.</summary>
    public required AnswerTimings Timings { get; init; }
}
