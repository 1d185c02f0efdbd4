using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>Anthropic's <c>/v1/messages</c>.</summary>
public sealed class AnthropicFormat(ServedModel model, CompletionSettings settings) : AnswerFormat(model, settings)
{
    private readonly string _id = NewId("msg_");
    private readonly ChatText _text = new(settings);
    private bool _hasBegun,
        _hasReasoning,
        _hasContent,
        _isClosed;
    private int _calls;

    /// <inheritdoc/>
    public override JsonNode Whole(IReadOnlyList<Answer> answers)
    {
        var answer = answers[0];
        var text = new ChatText(Settings);
        text.Push(answer.Text, isLast: true);
        var content = new JsonArray();
        if (text.Reasoning.Length > 0)
            content.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["type"] = "thinking",
                        ["thinking"] = text.Reasoning,
                        ["signature"] = "",
                    }
            );
        if (text.Content.Length > 0)
            content.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = text.Content });
        foreach (var call in text.Calls)
        {
            var block = Block(call);
            block["input"] = JsonNode.Parse(call.Arguments);
            content.Add((JsonNode)block);
        }
        var json = Message(content, answer.Prompt.Count, answer.Timings.Cached, answer.Tokens.Count);
        json["stop_reason"] = Reason(answer, text);
        json["stop_sequence"] = Sequence(answer);
        json["hw"] = TimingsJson.Chip(answer.Timings);
        return json;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        var events = new List<JsonObject>();
        switch (part)
        {
            case AnswerToken token:
                Begin(events, token.Timings.Prompt + token.Timings.Cached, token.Timings.Cached);
                Deltas(events, _text.Push(token.Text, isLast: false));
                break;
            case AnswerEnded ended:
                Begin(events, ended.Answer.Prompt.Count, ended.Answer.Timings.Cached);
                Deltas(events, _text.Push(ended.Rest, isLast: true));
                End(events, ended.Answer);
                break;
        }
        return events.ConvertAll(e => Event((string)e["type"]!, e));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Failed(JsonObject error) =>
        [Event("error", new JsonObject { ["type"] = "error", ["error"] = error["error"]?.DeepClone() })];

    private static string Reason(Answer answer, ChatText text) =>
        answer.Stop is not (StopKind.Word or StopKind.End) ? "max_tokens"
        : text.Calls.Count > 0 ? "tool_use"
        : "end_turn";

    private static JsonObject Block(ToolCall call) =>
        new()
        {
            ["type"] = "tool_use",
            ["id"] = call.Id,
            ["name"] = call.Name,
            ["input"] = new JsonObject(),
        };

    private static JsonNode? Sequence(Answer answer) => answer.StoppingWord.Length > 0 ? answer.StoppingWord : null;

    private void Begin(List<JsonObject> events, int prompt, int cached)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        var message = Message([], prompt, cached, 0);
        message["stop_reason"] = null;
        message["stop_sequence"] = null;
        events.Add(new JsonObject { ["type"] = "message_start", ["message"] = message });
    }

    private void Deltas(List<JsonObject> events, ChatDelta delta)
    {
        var (reasoning, content, calls) = delta;
        if (reasoning.Length > 0)
        {
            if (!_hasReasoning)
                events.Add(Start(0, new JsonObject { ["type"] = "thinking", ["thinking"] = "" }));
            _hasReasoning = true;
            events.Add(Delta(0, new JsonObject { ["type"] = "thinking_delta", ["thinking"] = reasoning }));
        }
        if (content.Length > 0)
        {
            if (!_hasContent)
                events.Add(Start(TextIndex, new JsonObject { ["type"] = "text", ["text"] = "" }));
            _hasContent = true;
            events.Add(Delta(TextIndex, new JsonObject { ["type"] = "text_delta", ["text"] = content }));
        }
        foreach (var call in calls)
        {
            Close(events);
            var index = TextIndex + (_hasContent ? 1 : 0) + _calls++;
            events.Add(Start(index, Block(call)));
            events.Add(Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = call.Arguments }));
            events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = index });
        }
    }

    // Ends the blocks of text that are open.
    private void Close(List<JsonObject> events)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (_hasReasoning)
        {
            events.Add(Delta(0, new JsonObject { ["type"] = "signature_delta", ["signature"] = "" }));
            events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        }
        if (_hasContent)
            events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = TextIndex });
    }

    private int TextIndex => _hasReasoning ? 1 : 0;

    private void End(List<JsonObject> events, Answer answer)
    {
        Close(events);
        events.Add(
            new JsonObject
            {
                ["type"] = "message_delta",
                ["delta"] = new JsonObject { ["stop_reason"] = Reason(answer, _text), ["stop_sequence"] = Sequence(answer) },
                ["usage"] = new JsonObject { ["output_tokens"] = answer.Tokens.Count },
            }
        );
        events.Add(new JsonObject { ["type"] = "message_stop" });
    }

    private static JsonObject Start(int index, JsonObject block) =>
        new()
        {
            ["type"] = "content_block_start",
            ["index"] = index,
            ["content_block"] = block,
        };

    private static JsonObject Delta(int index, JsonObject delta) =>
        new()
        {
            ["type"] = "content_block_delta",
            ["index"] = index,
            ["delta"] = delta,
        };

    private JsonObject Message(JsonArray content, int prompt, int cached, int made) =>
        new()
        {
            ["id"] = _id,
            ["type"] = "message",
            ["role"] = "assistant",
            ["content"] = content,
            ["model"] = Model.Id,
            ["usage"] = new JsonObject
            {
                ["cache_read_input_tokens"] = cached,
                ["input_tokens"] = prompt - cached,
                ["output_tokens"] = made,
            },
        };
}
