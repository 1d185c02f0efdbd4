using System.Text.Json;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Usually system, user or assistant; the template decides which it takes.</param>
/// <param name="Content">The message's text.</param>
/// <param name="AsParts">Whether the template gets the content as a list of one text part rather than as text.</param>
public sealed record ChatMessage(string Role, string Content, bool AsParts = false)
{
    /// <summary>Further fields of the message, such as <c>tool_calls</c>; they win over role and content.</summary>
    public IReadOnlyDictionary<string, JsonElement> Fields { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}
