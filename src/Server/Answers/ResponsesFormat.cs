using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>OpenAI's <c>/v1/responses</c>.</summary>
public sealed class ResponsesFormat(ServedModel model, CompletionSettings settings) : AnswerFormat(model, settings)
{
    private readonly string _id = NewId("resp_");
    private readonly string _message = NewId("msg_");
    private readonly string _reasoning = NewId("rs_");
    private readonly ChatText _text = new(settings);
    private bool _isCreated,
        _hasReasoning,
        _hasContent;

    /// <inheritdoc/>
    public override JsonNode Whole(IReadOnlyList<Answer> answers)
    {
        var text = new ChatText(Settings);
        text.Push(answers[0].Text, isLast: true);
        var json = Response(answers[0], Output(text));
        json["completed_at"] = Created;
        json["hw"] = TimingsJson.Chip(answers[0].Timings);
        return json;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        var events = new List<JsonObject>();
        switch (part)
        {
            case PromptProgress progress:
                Begin(events);
                if (events.Count == 0)
                    events.Add(State("response.in_progress"));
                events[^1]["prompt_progress"] = Progress(progress);
                if (Settings.TimingsPerToken)
                    events[^1]["timings"] = TimingsJson.Host(progress.Timings);
                break;
            case AnswerToken token:
                Begin(events);
                Deltas(events, _text.Push(token.Text, isLast: false));
                if ((Settings.TimingsPerToken || token.EndsAnswer) && events.Count > 0)
                    events[^1]["timings"] = TimingsJson.Host(token.Timings);
                break;
            case AnswerEnded ended:
                Begin(events);
                Deltas(events, _text.Push(ended.Rest, isLast: true));
                End(events, ended.Answer);
                break;
        }
        return events.ConvertAll(e => Event((string)e["type"]!, e));
    }

    private void Begin(List<JsonObject> events)
    {
        if (_isCreated)
            return;
        _isCreated = true;
        events.Add(State("response.created"));
        events.Add(State("response.in_progress"));
    }

    private JsonObject State(string type) =>
        new()
        {
            ["type"] = type,
            ["response"] = new JsonObject
            {
                ["id"] = _id,
                ["object"] = "response",
                ["status"] = "in_progress",
            },
        };

    private void Deltas(List<JsonObject> events, ChatDelta delta)
    {
        var (reasoning, content, calls) = delta;
        if (reasoning.Length > 0)
        {
            if (!_hasReasoning)
            {
                var item = ReasoningItem([]);
                item["status"] = "in_progress";
                events.Add(new JsonObject { ["type"] = "response.output_item.added", ["item"] = item });
            }
            _hasReasoning = true;
            events.Add(Delta("response.reasoning_text.delta", _reasoning, reasoning));
        }
        if (content.Length > 0)
            AddText(events, content);
        foreach (var call in calls)
        {
            var item = CallItem(call with { Arguments = "" }, "in_progress");
            events.Add(new JsonObject { ["type"] = "response.output_item.added", ["item"] = item });
            events.Add(Delta("response.function_call_arguments.delta", "fc_" + call.Id, call.Arguments));
        }
    }

    private void AddText(List<JsonObject> events, string content)
    {
        if (!_hasContent)
        {
            events.Add(new JsonObject { ["type"] = "response.output_item.added", ["item"] = MessageItem([], "in_progress") });
            events.Add(
                new JsonObject
                {
                    ["type"] = "response.content_part.added",
                    ["item_id"] = _message,
                    ["part"] = new JsonObject { ["type"] = "output_text", ["text"] = "" },
                }
            );
        }
        _hasContent = true;
        events.Add(Delta("response.output_text.delta", _message, content));
    }

    private static JsonObject Delta(string type, string item, string text) =>
        new()
        {
            ["type"] = type,
            ["item_id"] = item,
            ["delta"] = text,
        };

    private void End(List<JsonObject> events, Answer answer)
    {
        if (_text.Reasoning.Length > 0)
            events.Add(new JsonObject { ["type"] = "response.output_item.done", ["item"] = ReasoningItem([ReasoningPart(_text)]) });
        if (_text.Content.Length > 0)
        {
            events.Add(
                new JsonObject
                {
                    ["type"] = "response.output_text.done",
                    ["item_id"] = _message,
                    ["text"] = _text.Content,
                }
            );
            events.Add(
                new JsonObject
                {
                    ["type"] = "response.content_part.done",
                    ["item_id"] = _message,
                    ["part"] = TextPart(_text.Content),
                }
            );
            events.Add(
                new JsonObject { ["type"] = "response.output_item.done", ["item"] = MessageItem([TextPart(_text.Content)], "completed") }
            );
        }
        foreach (var call in _text.Calls)
        {
            events.Add(
                new JsonObject
                {
                    ["type"] = "response.function_call_arguments.done",
                    ["item_id"] = "fc_" + call.Id,
                    ["arguments"] = call.Arguments,
                }
            );
            events.Add(new JsonObject { ["type"] = "response.output_item.done", ["item"] = CallItem(call, "completed") });
        }
        var completed = new JsonObject { ["type"] = "response.completed", ["response"] = Response(answer, Output(_text)) };
        AddTimings(completed, answer.Timings);
        events.Add(completed);
    }

    private JsonObject Response(Answer answer, JsonArray output) =>
        new()
        {
            ["id"] = _id,
            ["object"] = "response",
            ["created_at"] = Created,
            ["status"] = "completed",
            ["model"] = Model.Id,
            ["output"] = output,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = answer.Prompt.Count,
                ["output_tokens"] = answer.Tokens.Count,
                ["total_tokens"] = answer.Prompt.Count + answer.Tokens.Count,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = answer.Timings.Cached },
            },
        };

    private JsonArray Output(ChatText text)
    {
        var output = new JsonArray();
        if (text.Reasoning.Length > 0)
        {
            var item = ReasoningItem([ReasoningPart(text)]);
            item["status"] = "completed";
            output.Add((JsonNode)item);
        }
        if (text.Content.Length > 0)
            output.Add((JsonNode)MessageItem([TextPart(text.Content)], "completed"));
        foreach (var call in text.Calls)
            output.Add((JsonNode)CallItem(call, "completed"));
        return output;
    }

    private static JsonObject ReasoningPart(ChatText text) => new() { ["text"] = text.Reasoning, ["type"] = "reasoning_text" };

    private static JsonObject TextPart(string text) =>
        new()
        {
            ["type"] = "output_text",
            ["annotations"] = new JsonArray(),
            ["logprobs"] = new JsonArray(),
            ["text"] = text,
        };

    private static JsonObject CallItem(ToolCall call, string status) =>
        new()
        {
            ["id"] = "fc_" + call.Id,
            ["type"] = "function_call",
            ["status"] = status,
            ["call_id"] = call.Id,
            ["name"] = call.Name,
            ["arguments"] = call.Arguments,
        };

    private JsonObject ReasoningItem(JsonArray content) =>
        new()
        {
            ["id"] = _reasoning,
            ["summary"] = new JsonArray(),
            ["type"] = "reasoning",
            ["content"] = content,
            ["encrypted_content"] = "",
        };

    private JsonObject MessageItem(JsonArray content, string status) =>
        new()
        {
            ["content"] = content,
            ["id"] = _message,
            ["role"] = "assistant",
            ["status"] = status,
            ["type"] = "message",
        };
}
