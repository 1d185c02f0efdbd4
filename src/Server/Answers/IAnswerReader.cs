using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>Takes the parts of a chat answer apart as its text comes.</summary>
internal interface IAnswerReader
{
    /// <summary>The calls so far.</summary>
    IReadOnlyList<ToolCall> Calls { get; }

    /// <summary>Takes text; returns what is new of reasoning and content.</summary>
    (string Reasoning, string Content) Push(string text, bool isLast);
}
