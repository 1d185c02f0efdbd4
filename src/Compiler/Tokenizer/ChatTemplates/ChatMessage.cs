namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Usually system, user or assistant; the template decides which it takes.</param>
/// <param name="Content">The message's text.</param>
public sealed record ChatMessage(string Role, string Content);
