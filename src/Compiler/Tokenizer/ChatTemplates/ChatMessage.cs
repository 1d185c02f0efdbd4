namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Usually system, user or assistant; the template decides which it takes.</param>
/// <param name="Content">The message's text.</param>
/// <param name="AsParts">Whether the template gets the content as a list of one text part rather than as text.</param>
public sealed record ChatMessage(string Role, string Content, bool AsParts = false);
