using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>What is new of an answer.</summary>
/// <param name="Reasoning">Text of the reasoning.</param>
/// <param name="Content">Text of the answer.</param>
/// <param name="Calls">Calls that have become whole.</param>
internal readonly record struct ChatDelta(string Reasoning, string Content, IReadOnlyList<ToolCall> Calls)
{
    /// <summary>Whether nothing is new.</summary>
    public bool IsEmpty => Reasoning.Length + Content.Length + Calls.Count == 0;
}
