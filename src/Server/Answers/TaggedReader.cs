using System.Text;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>
/// Reads answers whose reasoning stands between two tags at the start, such as <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>. Calls of
/// tools are taken out of the rest.
/// </summary>
internal sealed class TaggedReader : IAnswerReader
{
    private readonly ReasoningSyntax _syntax;
    private readonly ToolReader? _tools;
    private readonly StringBuilder _held = new();
    private readonly StringBuilder _wrapped = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private State _state;
    private bool _hasReasoning;

    public TaggedReader(CompletionSettings settings)
    {
        _syntax = settings.Reasoning;
        _tools = settings.Tools is { } use ? new ToolReader(use) : null;
        _state =
            !settings.SplitsReasoning ? State.Content
            : settings.OpensReasoning ? State.Reasoning
            : State.Start;
    }

    private enum State
    {
        Start,
        Reasoning,
        AfterReasoning,
        BeforeContent,
        WrappedContent,
        Content,
    }

    /// <inheritdoc/>
    public IReadOnlyList<ToolCall> Calls => _tools?.Calls ?? [];

    /// <inheritdoc/>
    public (string Reasoning, string Content) Push(string text, bool isLast)
    {
        _held.Append(text);
        if (_state == State.Start)
            Begin(_syntax.Open, State.Reasoning, State.BeforeContent, isLast);
        if (_state == State.Reasoning)
            Reason(isLast);
        if (_state == State.AfterReasoning)
            SkipSpace(isLast);
        if (_state == State.BeforeContent)
            Begin(_syntax.ContentOpen, State.WrappedContent, State.Content, isLast);
        if (_state is State.Content or State.WrappedContent)
            Tell(isLast);
        return (Taken(_reasoning), Taken(_content));
    }

    // Goes on with one state where a text stands at the start, which is dropped, and with another where it does not.
    private void Begin(string text, State with, State without, bool isLast)
    {
        var all = _held.ToString();
        var start = all.TrimStart();
        if (text.Length > 0 && start.StartsWith(text, StringComparison.Ordinal))
        {
            _held.Remove(0, all.Length - start.Length + text.Length);
            _state = with;
        }
        else if (isLast || !text.StartsWith(start, StringComparison.Ordinal) || text.Length == 0)
        {
            _state = without;
        }
    }

    private void Tell(bool isLast)
    {
        var text = _held.ToString();
        _held.Clear();
        text = _tools is null ? text : _tools.Push(text, isLast);
        if (_state == State.Content)
        {
            _content.Append(text);
            return;
        }
        _wrapped.Append(text);
        var open = _wrapped.ToString();
        var end = open.IndexOf(_syntax.ContentClose, StringComparison.Ordinal);
        var sure = end >= 0 ? end : PartialText.Sure(open, _syntax.ContentClose, isLast);
        _content.Append(open, 0, sure);
        _wrapped.Remove(0, end >= 0 ? end + _syntax.ContentClose.Length : sure);
    }

    // White space at both ends of the reasoning belongs to its tags.
    private void Reason(bool isLast)
    {
        var open = _hasReasoning ? _held.ToString() : _held.ToString().TrimStart();
        var end = open.IndexOf(_syntax.Close, StringComparison.Ordinal);
        var sure = end >= 0 ? end : PartialText.Sure(open, _syntax.Close, isLast);
        sure = open.AsSpan(0, sure).TrimEnd().Length;
        _reasoning.Append(open, 0, sure);
        _hasReasoning |= sure > 0;
        _held.Clear().Append(end >= 0 ? open.AsSpan(end + _syntax.Close.Length) : open.AsSpan(sure));
        if (end >= 0)
            _state = State.AfterReasoning;
    }

    private void SkipSpace(bool isLast)
    {
        var rest = _held.ToString().TrimStart();
        _held.Clear().Append(rest);
        if (rest.Length > 0 || isLast)
            _state = State.BeforeContent;
    }

    private static string Taken(StringBuilder text)
    {
        var taken = text.ToString();
        text.Clear();
        return taken;
    }
}
