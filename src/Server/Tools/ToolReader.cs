using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Tools;

/// <summary>
/// Takes calls out of an answer as it comes. Text before them is content. Text that begins like a call but is none becomes content once
/// that is sure; calls of tools that the request has not are no calls.
/// </summary>
public sealed class ToolReader(ToolUse use)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<ToolCall> _calls = [];
    private string _held = "";
    private State _state = State.Content;
    private bool _hasContent;

    private enum State
    {
        Content,
        FirstCall,
        NextCall,
        Plain,
    }

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<ToolCall> Calls => _calls;

    /// <summary>Takes text; returns what of it is content.</summary>
    public string Push(string text, bool isLast)
    {
        _held += text;
        var content = new StringBuilder();
        if (_state == State.Content)
            FindCalls(content, isLast);
        // A call can end only with one of these.
        if (_state is State.FirstCall or State.NextCall && (isLast || text.AsSpan().ContainsAny("}>])`")))
            ReadCalls(isLast);
        // White space alone after the calls is no answer.
        if (_state == State.Plain && !(_calls.Count > 0 && string.IsNullOrWhiteSpace(_held)))
            Release(content, _held.Length);
        _hasContent |= content.Length > 0;
        return content.ToString();
    }

    private void FindCalls(StringBuilder content, bool isLast)
    {
        var marker = use.Syntax.Marker.Trim();
        if (marker.Length == 0)
        {
            var start = _held.AsSpan().TrimStart();
            if (start.Length == 0 && !isLast)
                return;
            _state = !_hasContent && start.StartsWith("{") ? State.FirstCall : State.Plain;
            return;
        }
        // White space may stand between the parts of a marker, so its first part is what is looked for.
        marker = marker.Split('\n')[0];
        var at = _held.IndexOf(marker, StringComparison.Ordinal);
        if (at >= 0)
        {
            Release(content, _held.AsSpan(0, at).TrimEnd().Length);
            _held = _held.TrimStart();
            _state = State.FirstCall;
            return;
        }
        Release(content, PartialText.Sure(_held, marker, isLast));
    }

    // Reads as many calls as are whole. What is none stays text.
    private void ReadCalls(bool isLast)
    {
        while (true)
        {
            var cursor = new ToolCursor(_held);
            if (_state == State.NextCall && (Skip(cursor, isLast) || cursor.IsAtEnd))
                return;
            ToolCall? call = null;
            var found = cursor.Literal(_state == State.FirstCall ? use.Syntax.ListOpen : use.Syntax.Separator) && TryCall(cursor, out call);
            if (!found)
            {
                if (cursor.NeedsMore && !isLast)
                    return;
                _state = State.Plain;
                return;
            }
            _held = cursor.Rest;
            _state = State.NextCall;
            _calls.Add(call!);
            if (use.Syntax.CanRepeat)
                continue;
            _state = State.Plain;
            return;
        }
    }

    // The end of the list; true when it is there or may still come.
    private bool Skip(ToolCursor cursor, bool isLast)
    {
        if (use.Syntax.ListClose.Length == 0)
            return false;
        var probe = new ToolCursor(_held);
        if (!probe.Literal(use.Syntax.ListClose))
            return probe.NeedsMore && !isLast && !cursor.StartsWith(use.Syntax.Separator);
        _held = probe.Rest;
        _state = State.Plain;
        return true;
    }

    private bool TryCall(ToolCursor cursor, out ToolCall? call)
    {
        call = null;
        var (parts, arguments) = (use.Syntax.Parts, "{}");
        var (number, given) = ("", "");
        Tool? tool = null;
        for (var i = 0; i < parts.Count; i++)
        {
            var next = i + 1 < parts.Count ? parts[i + 1].Text : "";
            switch (parts[i].Kind)
            {
                case ToolPartKind.Literal when !cursor.Literal(parts[i].Text):
                case ToolPartKind.Index when !cursor.TryWhile(char.IsAsciiDigit, out number):
                case ToolPartKind.Id when !cursor.TryUntil(next, out given):
                    return false;
                case ToolPartKind.Name:
                    if (!cursor.TryName(use.Tools.Select(t => t.Name), next, out var name))
                        return false;
                    tool = use.Find(name);
                    break;
                case ToolPartKind.Arguments:
                    if (!TryArguments(cursor, tool!, next, out arguments))
                        return false;
                    break;
                case ToolPartKind.Call:
                    if (!TryMembers(cursor, out tool, out arguments, out given))
                        return false;
                    break;
            }
        }
        // Kimi K2 calls a call by tool and number.
        var id = number.Length > 0 ? $"functions.{tool!.Name}:{number}" : given.Trim();
        call = new ToolCall(id.Length > 0 ? id : use.NewId(), tool!.Name, arguments);
        return true;
    }

    private bool TryMembers(ToolCursor cursor, out Tool? tool, out string arguments, out string id)
    {
        (tool, arguments, id) = (null, "{}", "");
        if (!cursor.TryJson(out var json) || json.ValueKind != JsonValueKind.Object)
            return false;
        if (json.TryGetProperty(use.Syntax.NameKey, out var name) && name.ValueKind == JsonValueKind.String)
            tool = use.Find(name.GetString()!);
        // Models of one family confuse the two.
        if (json.TryGetProperty("arguments", out var value) || json.TryGetProperty("parameters", out value))
            arguments = Text(value);
        foreach (var key in new[] { "id", use.Syntax.IndexKey })
            if (json.TryGetProperty(key, out var given) && given.ValueKind == JsonValueKind.String)
                id = given.GetString()!;
        return tool is not null;
    }

    private bool TryArguments(ToolCursor cursor, Tool tool, string next, out string arguments)
    {
        arguments = "{}";
        if (use.Syntax.Arguments is not { } syntax)
        {
            if (!cursor.TryJson(out var json))
                return false;
            arguments = Text(json);
            return true;
        }
        var made = new JsonObject();
        while (!cursor.IsNext(next))
        {
            if (cursor.NeedsMore || !TryArgument(cursor, tool, syntax, made))
                return false;
            if (cursor.IsNext(syntax.Separator))
                cursor.Literal(syntax.Separator);
        }
        arguments = made.ToJsonString(Readable);
        return true;
    }

    private static bool TryArgument(ToolCursor cursor, Tool tool, ArgumentSyntax syntax, JsonObject made)
    {
        var (parts, key) = (syntax.Parts, "");
        for (var i = 0; i < parts.Count; i++)
        {
            var next = i + 1 < parts.Count ? parts[i + 1].Text : "";
            switch (parts[i].Kind)
            {
                case ToolPartKind.Literal when !cursor.Literal(parts[i].Text):
                    return false;
                case ToolPartKind.Key:
                    // White space within the text after it is free, so its first line is what ends it.
                    if (!cursor.TryUntil(next.TrimEnd().Split('\n')[0], out key))
                        return false;
                    key = key.Trim();
                    break;
                case ToolPartKind.Value when syntax.IsPython:
                    if (!cursor.TryPython(out var literal))
                        return false;
                    made[key] = literal;
                    break;
                case ToolPartKind.Value:
                    if (!cursor.TryUntil(next.Trim(), out var text))
                        return false;
                    made[key] = Value(tool, key, text, isOnItsOwnLine: next.StartsWith('\n'));
                    break;
            }
        }
        return true;
    }

    private static JsonNode? Value(Tool tool, string key, string text, bool isOnItsOwnLine)
    {
        if (isOnItsOwnLine && text.StartsWith('\n'))
            text = text[1..];
        if (isOnItsOwnLine && text.EndsWith('\n'))
            text = text[..^1];
        var schema = ToolGrammar.Properties(tool).FirstOrDefault(p => p.Name == key).Schema;
        if (ToolGrammar.IsText(schema))
            return text;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private void Release(StringBuilder to, int count)
    {
        to.Append(_held, 0, count);
        _held = _held[count..];
    }
}
