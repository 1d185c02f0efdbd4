namespace TaalasSim.Runtime.Host.Generate;

/// <summary>One turn of a conversation.</summary>
/// <param name="Answer">What was generated and what it cost; its prompt tokens are those that were evaluated now.</param>
/// <param name="Reused">Prompt tokens whose keys and values were still on the chip.</param>
/// <param name="Stopped">Whether the user stopped the answer.</param>
public sealed record ConversationTurn(Generation Answer, int Reused, bool Stopped);
