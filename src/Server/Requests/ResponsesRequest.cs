using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Requests;

/// <summary>OpenAI's Responses form of a conversation as the chat form.</summary>
internal static class ResponsesRequest
{
    /// <summary>The same request for <see cref="ChatRequest"/>.</summary>
    /// <exception cref="RequestException">An item is of no known kind.</exception>
    public static RequestBody ToChat(RequestBody body)
    {
        if (body.Find("input") is not { } input)
            throw RequestException.Invalid("'input' is required");
        if (body.Text("previous_response_id", "").Length > 0)
            throw RequestException.Invalid("'previous_response_id' is not supported: the server keeps no conversations");
        var messages = new JsonArray();
        if (body.Has("instructions"))
            messages.Add((JsonNode)Message("system", body.Text("instructions", "")));
        if (input.ValueKind == JsonValueKind.String)
            messages.Add((JsonNode)Message("user", input.GetString()!));
        else if (input.ValueKind == JsonValueKind.Array)
            foreach (var item in input.EnumerateArray())
                Add(messages, item);
        else
            throw RequestException.Invalid("'input' must be a string or array of objects");
        var chat = body.Without("input", "instructions", "max_output_tokens", "reasoning", "tools").With("messages", messages);
        if (body.Find("max_output_tokens") is { } most)
            chat = chat.With("max_tokens", most);
        if (body.Find("reasoning") is { ValueKind: JsonValueKind.Object } reasoning && reasoning.TryGetProperty("effort", out var effort))
            chat = chat.With("reasoning_effort", effort);
        return body.Find("tools") is { } tools && Tools(tools) is { Count: > 0 } list ? chat.With("tools", list) : chat;
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static void Add(JsonArray messages, JsonElement json)
    {
        var item = RequestBody.Of(json);
        var (role, type) = (item.Text("role", ""), item.Text("type", ""));
        if (role.Length > 0)
            messages.Add((JsonNode)Message(role, Content(item)));
        else if (type == "function_call")
            messages.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["role"] = "assistant",
                        ["tool_calls"] = new JsonArray(
                            new JsonObject
                            {
                                ["id"] = item.Text("call_id", ""),
                                ["type"] = "function",
                                ["function"] = new JsonObject
                                {
                                    ["name"] = item.Text("name", ""),
                                    ["arguments"] = item.Text("arguments", ""),
                                },
                            }
                        ),
                    }
            );
        else if (type == "function_call_output")
        {
            var result = Message(
                "tool",
                item.Find("output") is { ValueKind: JsonValueKind.String } o ? o.GetString()! : Texts(item.Find("output"))
            );
            result["tool_call_id"] = item.Text("call_id", "");
            messages.Add((JsonNode)result);
        }
        else if (type != "reasoning")
            throw RequestException.Invalid("Cannot determine type of 'item'");
    }

    private static string Content(RequestBody item) =>
        item.Find("content") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : Texts(item.Find("content"));

    private static string Texts(JsonElement? parts)
    {
        if (parts is not { ValueKind: JsonValueKind.Array } list)
            return "";
        return string.Join(
            '\n',
            list.EnumerateArray()
                .Select(RequestBody.Of)
                .Select(part =>
                    part.Text("type", "") switch
                    {
                        "input_text" or "output_text" or "text" => part.Has("text")
                            ? part.Text("text", "")
                            : throw RequestException.Invalid("'Input text' requires 'text'"),
                        "refusal" => part.Text("refusal", ""),
                        "input_image" => throw new RequestException(
                            500,
                            "server_error",
                            "image input is not supported: the chip holds a text model"
                        ),
                        "input_file" => throw RequestException.Invalid("'input_file' is not supported"),
                        _ => throw RequestException.Invalid("'type' must be one of 'input_text', 'output_text' or 'refusal'"),
                    }
                )
        );
    }

    private static JsonArray Tools(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
            throw RequestException.Invalid("'tools' must be an array of objects");
        var list = new JsonArray();
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("type", out var type) || type.GetString() != "function")
                continue;
            var function = JsonObject.Create(tool)!;
            function.Remove("type");
            list.Add((JsonNode)new JsonObject { ["type"] = "function", ["function"] = function.DeepClone() });
        }
        return list;
    }
}
