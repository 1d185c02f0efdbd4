using System.Text;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>Reasoning, content and calls of a chat answer as it comes. What was in the conversation already and is continued comes
/// first.</summary>
internal sealed class ChatText
{
    private readonly IAnswerReader _reader;
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private string _prefill;

    public ChatText(CompletionSettings settings)
    {
        _reader = settings.IsHarmony ? new HarmonyReader(settings) : new TaggedReader(settings);
        _prefill = settings.Prefill;
    }

    /// <summary>The answer so far, without reasoning.</summary>
    public string Content => _content.ToString();

    /// <summary>The reasoning so far.</summary>
    public string Reasoning => _reasoning.ToString();

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<ToolCall> Calls => _reader.Calls;

    /// <summary>Takes text; returns what is new.</summary>
    public ChatDelta Push(string text, bool isLast)
    {
        var before = Calls.Count;
        var (reasoning, content) = _reader.Push(text, isLast);
        content = _prefill + content;
        _prefill = "";
        _content.Append(content);
        _reasoning.Append(reasoning);
        return new ChatDelta(reasoning, content, [.. Calls.Skip(before)]);
    }
}
