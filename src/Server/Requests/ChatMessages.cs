using System.Text;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Server.Requests;

/// <summary>Reads the messages of a conversation in OpenAI's form.</summary>
internal static class ChatMessages
{
    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false };
    private static readonly string[] Carried = ["tool_calls", "tool_call_id", "name", "reasoning_content"];

    /// <summary>The messages, oldest first. Parts of text are joined by new lines.</summary>
    /// <exception cref="RequestException">Something is missing or of the wrong kind.</exception>
    public static List<ChatMessage> Read(RequestBody body)
    {
        if (body.Find("messages") is not { } messages)
            throw RequestException.Invalid("'messages' is required");
        if (messages.ValueKind != JsonValueKind.Array)
            throw RequestException.Invalid("Expected 'messages' to be an array");
        return [.. messages.EnumerateArray().Select(Message)];
    }

    private static ChatMessage Message(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw RequestException.Invalid("Expected a message to be an object");
        var message = RequestBody.Of(json);
        var isAssistant = message.Find("role") is { ValueKind: JsonValueKind.String } r && r.GetString() == "assistant";
        var hasContent = message.Names.Contains("content", StringComparer.Ordinal);
        if (!isAssistant && !hasContent)
            throw RequestException.Invalid("All non-assistant messages must contain 'content'");
        if (isAssistant && !hasContent && !message.Has("tool_calls"))
            throw RequestException.Invalid("Assistant message must contain either 'content' or 'tool_calls'!");
        if (message.Find("role") is not { ValueKind: JsonValueKind.String } role)
            throw RequestException.Invalid($"Failed to parse messages: Missing 'role' in message: {json.GetRawText()}");
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var name in Carried)
            if (message.Find(name) is { } field)
                fields[name] = name == "tool_calls" ? ToolCalls(field) : field;
        return new ChatMessage(role.GetString()!, Content(message)) { Fields = fields };
    }

    /// <summary>The text of the last message, its parts apart: the form in which llama-server continues it.</summary>
    public static string Continued(RequestBody body)
    {
        var last = body.Find("messages")!.Value.EnumerateArray().Last();
        return Content(RequestBody.Of(last), "\n\n");
    }

    private static string Content(RequestBody message, string separator = "\n")
    {
        if (message.Find("content") is not { } content)
            return "";
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array)
            throw RequestException.Invalid("Expected 'content' to be a string or an array");
        return string.Join(separator, content.EnumerateArray().Select(Part));
    }

    private static string Part(JsonElement part)
    {
        var kind =
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                ? type.GetString()
                : "";
        return kind switch
        {
            "text" when part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String => text.GetString()!,
            "image_url" => throw Media("image"),
            "input_audio" => throw Media("audio"),
            "input_video" => throw Media("video"),
            _ => throw RequestException.Invalid("unsupported content[].type"),
        };
    }

    private static RequestException Media(string kind) =>
        new(500, "server_error", $"{kind} input is not supported: the chip holds a text model");

    // Templates take the arguments of a call as an object; clients send them as the text of one.
    private static JsonElement ToolCalls(JsonElement calls)
    {
        if (calls.ValueKind != JsonValueKind.Array)
            throw RequestException.Invalid("Expected 'tool_calls' to be an array");
        var list = System.Text.Json.Nodes.JsonArray.Create(calls)!;
        foreach (var call in list)
        {
            if (call?["function"] is not System.Text.Json.Nodes.JsonObject function)
                throw RequestException.Invalid("Missing tool call function");
            if (function["arguments"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<string>(out var text))
            {
                try
                {
                    if (JsonTexts.AreUnicode(Encoding.UTF8.GetBytes(text)))
                        function["arguments"] = System.Text.Json.Nodes.JsonNode.Parse(text, documentOptions: StrictJson);
                }
                catch (JsonException)
                {
                    // The template gets the text as it is.
                }
            }
        }
        return JsonSerializer.SerializeToElement(list);
    }
}
