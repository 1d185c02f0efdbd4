using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Requests;

/// <summary>Anthropic's form of a conversation as the chat form.</summary>
internal static class AnthropicRequest
{
    private const int UsualTokens = 4096;
    private static readonly string[] Carried = ["temperature", "top_p", "top_k", "stream", "chat_template_kwargs", "seed", "cache_prompt"];

    /// <summary>The same request for <see cref="ChatRequest"/>.</summary>
    /// <exception cref="RequestException">Something is missing or of the wrong kind.</exception>
    public static RequestBody ToChat(RequestBody body)
    {
        var messages = new JsonArray();
        if (body.Find("system") is { } system)
            messages.Add((JsonNode)new JsonObject { ["role"] = "system", ["content"] = SystemText(system) });
        if (body.Find("messages") is not { ValueKind: JsonValueKind.Array } list)
            throw RequestException.Invalid("'messages' is required");
        foreach (var message in list.EnumerateArray())
            Add(messages, RequestBody.Of(message));
        var chat = new JsonObject
        {
            ["messages"] = messages,
            ["max_tokens"] = (int)body.Whole("max_tokens", UsualTokens, -1, int.MaxValue),
        };
        foreach (var name in Carried)
            if (body.Find(name) is { } field)
                chat[name] = JsonNode.Parse(field.GetRawText());
        if (body.Find("stop_sequences") is { } stops)
            chat["stop"] = JsonNode.Parse(stops.GetRawText());
        if (body.Find("tools") is { ValueKind: JsonValueKind.Array } tools)
            chat["tools"] = new JsonArray([.. tools.EnumerateArray().Select(tool => (JsonNode)Tool(RequestBody.Of(tool)))]);
        if (body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice)
            Choose(chat, RequestBody.Of(choice));
        return RequestBody.Of(JsonSerializer.SerializeToElement(chat));
    }

    private static void Choose(JsonObject chat, RequestBody choice)
    {
        chat["tool_choice"] = choice.Text("type", "auto") switch
        {
            "any" => "required",
            "none" => "none",
            "tool" => new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = choice.Text("name", "") },
            },
            _ => "auto",
        };
        if (choice.Flag("disable_parallel_tool_use", false))
            chat["parallel_tool_calls"] = false;
    }

    private static string SystemText(JsonElement system) =>
        system.ValueKind switch
        {
            JsonValueKind.String => system.GetString()!,
            JsonValueKind.Array => string.Concat(system.EnumerateArray().Select(part => RequestBody.Of(part).Text("text", ""))),
            _ => throw RequestBody.WrongType("system", "string", system),
        };

    private static JsonObject Tool(RequestBody tool) =>
        new()
        {
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = tool.Text("name", ""),
                ["description"] = tool.Text("description", ""),
                ["parameters"] = tool.Find("input_schema") is { } schema ? JsonNode.Parse(schema.GetRawText()) : new JsonObject(),
            },
        };

    private static void Add(JsonArray messages, RequestBody message)
    {
        var role = message.Text("role", "");
        if (message.Find("content") is not { ValueKind: JsonValueKind.Array } blocks)
        {
            messages.Add((JsonNode)new JsonObject { ["role"] = role, ["content"] = message.Text("content", "") });
            return;
        }
        var parts = new JsonArray();
        var calls = new JsonArray();
        var results = new List<JsonObject>();
        var reasoning = "";
        foreach (var block in blocks.EnumerateArray().Select(RequestBody.Of))
        {
            switch (block.Text("type", ""))
            {
                case "text":
                    parts.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = block.Text("text", "") });
                    break;
                case "thinking":
                    reasoning += block.Text("thinking", "");
                    break;
                case "image":
                    parts.Add((JsonNode)new JsonObject { ["type"] = "image_url" });
                    break;
                case "tool_use":
                    calls.Add((JsonNode)Call(block));
                    break;
                case "tool_result":
                    results.Add(Result(block));
                    break;
            }
        }
        if (parts.Count > 0 || calls.Count > 0 || reasoning.Length > 0)
        {
            var made = new JsonObject { ["role"] = role, ["content"] = parts.Count > 0 ? parts : "" };
            if (calls.Count > 0)
                made["tool_calls"] = calls;
            if (reasoning.Length > 0)
                made["reasoning_content"] = reasoning;
            messages.Add((JsonNode)made);
        }
        foreach (var result in results)
            messages.Add((JsonNode)result);
    }

    private static JsonObject Call(RequestBody block) =>
        new()
        {
            ["id"] = block.Text("id", ""),
            ["type"] = "function",
            ["function"] = new JsonObject
            {
                ["name"] = block.Text("name", ""),
                ["arguments"] = block.Find("input") is { } input ? input.GetRawText() : "{}",
            },
        };

    private static JsonObject Result(RequestBody block)
    {
        JsonNode content = block.Find("content") switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Array } parts when parts.EnumerateArray().Any(p => RequestBody.Of(p).Text("type", "") == "image") =>
                new JsonArray([
                    .. parts
                        .EnumerateArray()
                        .Select(RequestBody.Of)
                        .Select(p =>
                            (JsonNode)(
                                p.Text("type", "") == "image"
                                    ? new JsonObject { ["type"] = "image_url" }
                                    : new JsonObject { ["type"] = "text", ["text"] = p.Text("text", "") }
                            )
                        ),
                ]),
            { ValueKind: JsonValueKind.Array } parts => string.Concat(
                parts.EnumerateArray().Select(p => RequestBody.Of(p).Text("text", ""))
            ),
            _ => "",
        };
        return new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = block.Text("tool_use_id", ""),
            ["content"] = content,
        };
    }
}
