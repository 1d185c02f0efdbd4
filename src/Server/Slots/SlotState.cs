using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Slots;

/// <summary>What a slot does and has done.</summary>
public sealed record SlotState
{
    /// <summary>Number.</summary>
    public required int Id { get; init; }

    /// <summary>Context, tokens.</summary>
    public required int Context { get; init; }

    /// <summary>Whether it works.</summary>
    public required bool IsProcessing { get; init; }

    /// <summary>Number of its last task; −1 when it had none.</summary>
    public required long Task { get; init; }

    /// <summary>Tokens of the last prompt.</summary>
    public required int Prompt { get; init; }

    /// <summary>Prompt tokens evaluated in the answer at work.</summary>
    public required int PromptProcessed { get; init; }

    /// <summary>Prompt tokens that were held already, in the answer at work.</summary>
    public required int PromptCached { get; init; }

    /// <summary>Tokens made in the answer at work.</summary>
    public required int Decoded { get; init; }

    /// <summary>Whether the answer at work has a new line.</summary>
    public required bool HasNewLine { get; init; }

    /// <summary>Settings of the last request.</summary>
    public required CompletionSettings? Settings { get; init; }

    internal static SlotState Of(Slot slot, int context) =>
        new()
        {
            Id = slot.Id,
            Context = context,
            IsProcessing = slot.Run is not null,
            Task = slot.LastTask,
            Prompt = slot.Run is null ? slot.Tokens.Count : slot.LastPrompt,
            PromptProcessed = slot.Run?.PromptProcessed ?? 0,
            PromptCached = slot.Run?.Cached ?? 0,
            Decoded = slot.Run?.Count ?? 0,
            HasNewLine = slot.Run?.HasNewLine ?? false,
            Settings = slot.LastSettings,
        };
}
