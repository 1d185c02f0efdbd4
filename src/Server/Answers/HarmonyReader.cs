using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>
/// Reads answers of gpt-oss, which are messages with headers: those of the channel "analysis" are reasoning, those to a tool are calls, the
/// others are content. What a message says to a recipient that does not exist is dropped. Text without a header is content.
/// </summary>
internal sealed partial class HarmonyReader : IAnswerReader
{
    private static readonly string[] Openings = ["<|channel|>", HarmonyGrammar.Start, " to="];
    private readonly List<ToolCall> _calls = [];
    private readonly ToolUse? _use;
    private readonly bool _splits;
    private readonly StringBuilder _reasoning = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _arguments = new();
    private string _held = "";
    private Part _part;
    private Tool? _tool;
    private bool _isMarked;

    public HarmonyReader(CompletionSettings settings)
    {
        (_use, _splits) = (settings.Tools, settings.SplitsReasoning);
        _part = settings.Prefill.Length > 0 ? Part.Content : Part.Start;
    }

    private enum Part
    {
        Start,
        Header,
        Reasoning,
        Content,
        Call,
        Dropped,
    }

    /// <inheritdoc/>
    public IReadOnlyList<ToolCall> Calls => _calls;

    /// <inheritdoc/>
    public (string Reasoning, string Content) Push(string text, bool isLast)
    {
        _held += text;
        if (_part == Part.Start && !Begin(isLast))
            return ("", "");
        while (_part == Part.Header ? ReadHeader() : ReadMessage(isLast)) { }
        var parts = (_reasoning.ToString(), _content.ToString());
        _reasoning.Clear();
        _content.Clear();
        return parts;
    }

    // False while it is open whether there is a header.
    private bool Begin(bool isLast)
    {
        if (Openings.Any(opening => _held.StartsWith(opening, StringComparison.Ordinal)))
            _part = Part.Header;
        else if (isLast || !Openings.Any(opening => opening.StartsWith(_held, StringComparison.Ordinal)))
            _part = Part.Content;
        return _part != Part.Start;
    }

    // True when another part follows.
    private bool ReadHeader()
    {
        var end = _held.IndexOf(HarmonyGrammar.Message, StringComparison.Ordinal);
        if (end < 0)
            return false;
        var header = _held[..end];
        _held = _held[(end + HarmonyGrammar.Message.Length)..];
        var recipient = Recipient().Matches(header).LastOrDefault()?.Groups[1].Value ?? "assistant";
        var channel = Channel().Matches(header).LastOrDefault()?.Groups[1].Value;
        _tool = recipient.StartsWith("functions.", StringComparison.Ordinal) ? _use?.Find(recipient["functions.".Length..]) : null;
        var isReasoning = channel == "analysis";
        _part =
            _tool is not null ? Part.Call
            : recipient != "assistant" ? Part.Dropped
            : isReasoning && _splits ? Part.Reasoning
            : Part.Content;
        // Without a place of its own, reasoning stands in the content with its marks.
        _isMarked = isReasoning && _part == Part.Content;
        if (_isMarked)
            _content.Append("<|channel|>analysis").Append(HarmonyGrammar.Message);
        return true;
    }

    // True when another part follows.
    private bool ReadMessage(bool isLast)
    {
        var end = _held.IndexOf(HarmonyGrammar.End, StringComparison.Ordinal);
        var sure = end >= 0 ? end : PartialText.Sure(_held, HarmonyGrammar.End, isLast);
        var text = _part switch
        {
            Part.Reasoning => _reasoning,
            Part.Content => _content,
            Part.Call => _arguments,
            _ => null,
        };
        text?.Append(_held, 0, sure);
        if (_part == Part.Call)
            TellCall(isWhole: end >= 0 || isLast);
        _held = _held[sure..];
        if (end < 0)
            return false;
        _held = _held[HarmonyGrammar.End.Length..];
        if (_isMarked)
            _content.Append(HarmonyGrammar.End);
        (_isMarked, _part) = (false, Part.Header);
        return true;
    }

    // A call is told as soon as its object is whole. What is none is content.
    private void TellCall(bool isWhole)
    {
        if (_tool is null || (!isWhole && (_arguments.Length == 0 || _arguments[^1] != '}')))
            return;
        var text = _arguments.ToString();
        if (new ToolCursor(text).TryJson(out var json) && json.ValueKind == JsonValueKind.Object)
            _calls.Add(new ToolCall(_use!.NewId(), _tool.Name, json.GetRawText()));
        else if (isWhole)
            _content.Append(text);
        else
            return;
        _arguments.Clear();
        _tool = null;
    }

    [GeneratedRegex(@" to=([^\s<]+)")]
    private static partial Regex Recipient();

    [GeneratedRegex(@"<\|channel\|>(\w+)")]
    private static partial Regex Channel();
}
