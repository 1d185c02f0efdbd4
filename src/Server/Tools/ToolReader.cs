using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Tools;

/// <summary>
/// Takes calls out of an answer as it comes. Text before them is content. Text that begins like a call but is none becomes content once
/// that is sure; calls of tools that the request has not are no calls.
/// </summary>
public sealed class ToolReader(ToolUse use)
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
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
        if (_state is State.FirstCall or State.NextCall && (isLast || text.AsSpan().ContainsAny("}>]`")))
            ReadCalls(isLast);
        if (_state == State.Plain)
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
        var sure = _held.Length;
        for (var length = Math.Min(_held.Length, marker.Length - 1); length > 0 && !isLast; length--)
            if (_held.EndsWith(marker[..length], StringComparison.Ordinal))
            {
                sure -= length;
                break;
            }
        Release(content, sure);
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
            if (!use.Syntax.CanRepeat)
                _state = State.Plain;
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
        if (!cursor.Literal(use.Syntax.Open))
            return false;
        return use.Syntax.Style == ArgumentStyle.Member ? TryMember(cursor, out call) : TryTag(cursor, out call);
    }

    private bool TryMember(ToolCursor cursor, out ToolCall? call)
    {
        call = null;
        if (!cursor.TryJson(out var json) || json.ValueKind != JsonValueKind.Object || !cursor.Literal(use.Syntax.Close))
            return false;
        if (!json.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String || use.Find(name.GetString()!) is null)
            return false;
        // Models of one family confuse the two.
        var arguments =
            json.TryGetProperty("arguments", out var value) || json.TryGetProperty("parameters", out value) ? Text(value) : "{}";
        var id = json.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : NewId();
        call = new ToolCall(id, name.GetString()!, arguments);
        return true;
    }

    private bool TryTag(ToolCursor cursor, out ToolCall? call)
    {
        call = null;
        if (!cursor.TryUntil(use.Syntax.AfterName.Trim()[..1], out var name) || use.Find(name.Trim()) is not { } tool)
            return false;
        cursor.StepBack(1);
        if (!cursor.Literal(use.Syntax.AfterName))
            return false;
        var arguments = "{}";
        if (use.Syntax.Style == ArgumentStyle.Object)
        {
            if (!cursor.TryJson(out var json))
                return false;
            arguments = Text(json);
        }
        else
        {
            var made = new JsonObject();
            while (cursor.Literal("<parameter="))
            {
                if (!cursor.TryUntil(">", out var key) || !cursor.TryUntil("</parameter>", out var value))
                    return false;
                made[key] = Value(tool, key, value);
            }
            arguments = made.ToJsonString();
        }
        if (!cursor.Literal(use.Syntax.Close))
            return false;
        call = new ToolCall(NewId(), tool.Name, arguments);
        return true;
    }

    private static JsonNode? Value(Tool tool, string key, string text)
    {
        if (text.StartsWith('\n'))
            text = text[1..];
        if (text.EndsWith('\n'))
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

    private static string NewId() => RandomNumberGenerator.GetString(Alphanumeric, 32);

    private void Release(StringBuilder to, int count)
    {
        to.Append(_held, 0, count);
        _held = _held[count..];
    }
}
