using System.Text;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>
/// Takes reasoning out of an answer as it comes: text between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> at its start. What was in the
/// conversation already and is continued comes first. Calls of tools are taken out of the rest.
/// </summary>
internal sealed class ChatText
{
    private const string Opening = "<think>",
        Closing = "</think>";
    private readonly bool _splits;
    private readonly ToolReader? _tools;
    private readonly StringBuilder _held = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private string _prefill;
    private State _state;

    public ChatText(CompletionSettings settings)
    {
        _splits = settings.ReasoningFormat is "deepseek" or "auto";
        _tools = settings.Tools is { } use ? new ToolReader(use) : null;
        _prefill = settings.Prefill;
        _state = settings.GenerationPrompt.TrimEnd().EndsWith(Opening, StringComparison.Ordinal) ? State.Reasoning : State.Start;
    }

    private enum State
    {
        Start,
        Reasoning,
        Content,
    }

    /// <summary>The answer so far, without reasoning.</summary>
    public string Content => _content.ToString();

    /// <summary>The reasoning so far.</summary>
    public string Reasoning => _reasoning.ToString();

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<ToolCall> Calls => _tools?.Calls ?? [];

    /// <summary>Takes text; returns what is new.</summary>
    public ChatDelta Push(string text, bool isLast)
    {
        var before = (Reasoning: _reasoning.Length, Content: _content.Length, Calls: Calls.Count);
        _content.Append(_prefill);
        _prefill = "";
        _held.Append(text);
        if (!_splits)
            Tell(isLast);
        else
            Split(isLast);
        return new ChatDelta(
            _reasoning.ToString(before.Reasoning, _reasoning.Length - before.Reasoning),
            _content.ToString(before.Content, _content.Length - before.Content),
            [.. Calls.Skip(before.Calls)]
        );
    }

    private void Split(bool isLast)
    {
        if (_state == State.Start)
        {
            var open = _held.ToString();
            var start = open.TrimStart();
            if (start.StartsWith(Opening, StringComparison.Ordinal))
            {
                _held.Remove(0, open.Length - start.Length + Opening.Length);
                _state = State.Reasoning;
            }
            else if (isLast || !Opening.StartsWith(start, StringComparison.Ordinal))
            {
                _state = State.Content;
            }
        }
        if (_state == State.Reasoning)
            Reason(isLast);
        if (_state == State.Content)
            Tell(isLast);
    }

    private void Tell(bool isLast)
    {
        if (_tools is null)
        {
            Move(_content, _held.Length);
            return;
        }
        _content.Append(_tools.Push(_held.ToString(), isLast));
        _held.Clear();
    }

    private void Reason(bool isLast)
    {
        var open = _held.ToString();
        var end = open.IndexOf(Closing, StringComparison.Ordinal);
        if (end >= 0)
        {
            Move(_reasoning, end);
            _held.Remove(0, Closing.Length);
            var rest = _held.ToString().TrimStart();
            _held.Clear().Append(rest);
            _state = State.Content;
            return;
        }
        var sure = open.Length;
        for (var length = Math.Min(open.Length, Closing.Length - 1); length > 0 && !isLast; length--)
            if (open.EndsWith(Closing[..length], StringComparison.Ordinal))
            {
                sure -= length;
                break;
            }
        Move(_reasoning, sure);
    }

    private void Move(StringBuilder to, int count)
    {
        to.Append(_held, 0, count);
        _held.Remove(0, count);
    }
}
