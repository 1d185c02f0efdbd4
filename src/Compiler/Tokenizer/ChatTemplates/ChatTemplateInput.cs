using System.Text.Json;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What a chat template is rendered with.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>The conversation so far, oldest first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Whether the prompt ends with the opening of the assistant's answer.</summary>
    public required bool AddGenerationPrompt { get; init; }

    /// <summary>Text of the BOS token; empty when the model has none.</summary>
    public required string BosToken { get; init; }

    /// <summary>Text of the EOS token; empty when the model has none.</summary>
    public required string EosToken { get; init; }

    /// <summary>The time that <c>strftime_now</c> tells; stated, so that equal input gives equal output.</summary>
    public required DateTime Now { get; init; }

    /// <summary>Further variables, such as <c>tools</c> or <c>enable_thinking</c>; they win over the ones above.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}
