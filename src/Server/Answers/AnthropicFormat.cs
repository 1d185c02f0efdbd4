using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>Anthropic's <c>/v1/messages</c>.</summary>
public sealed class AnthropicFormat(ServedModel model, CompletionSettings settings) : AnswerFormat(model, settings)
{
    private readonly string _id = NewId("msg_");
    private readonly ChatText _text = new(settings);
    private bool _hasBegun,
        _hasReasoning,
        _hasContent;

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
        var json = Message(content, answer.Prompt.Count, answer.Timings.Cached, answer.Tokens.Count);
        json["stop_reason"] = Reason(answer);
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
                var (reasoning, content) = _text.Push(token.Text, isLast: false);
                Deltas(events, reasoning, content);
                break;
            case AnswerEnded ended:
                Begin(events, ended.Answer.Prompt.Count, ended.Answer.Timings.Cached);
                var (lastReasoning, lastContent) = _text.Push(ended.Rest, isLast: true);
                Deltas(events, lastReasoning, lastContent);
                End(events, ended.Answer);
                break;
        }
        return events.ConvertAll(e => Event((string)e["type"]!, e));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Failed(JsonObject error) =>
        [Event("error", new JsonObject { ["type"] = "error", ["error"] = error["error"]?.DeepClone() })];

    private static string Reason(Answer answer) => answer.Stop is StopKind.Word or StopKind.End ? "end_turn" : "max_tokens";

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

    private void Deltas(List<JsonObject> events, string reasoning, string content)
    {
        if (reasoning.Length > 0)
        {
            if (!_hasReasoning)
                events.Add(Start(0, new JsonObject { ["type"] = "thinking", ["thinking"] = "" }));
            _hasReasoning = true;
            events.Add(Delta(0, new JsonObject { ["type"] = "thinking_delta", ["thinking"] = reasoning }));
        }
        if (content.Length == 0)
            return;
        if (!_hasContent)
            events.Add(Start(TextIndex, new JsonObject { ["type"] = "text", ["text"] = "" }));
        _hasContent = true;
        events.Add(Delta(TextIndex, new JsonObject { ["type"] = "text_delta", ["text"] = content }));
    }

    private int TextIndex => _hasReasoning ? 1 : 0;

    private void End(List<JsonObject> events, Answer answer)
    {
        if (_hasReasoning)
        {
            events.Add(Delta(0, new JsonObject { ["type"] = "signature_delta", ["signature"] = "" }));
            events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        }
        if (_hasContent)
            events.Add(new JsonObject { ["type"] = "content_block_stop", ["index"] = TextIndex });
        events.Add(
            new JsonObject
            {
                ["type"] = "message_delta",
                ["delta"] = new JsonObject { ["stop_reason"] = Reason(answer), ["stop_sequence"] = Sequence(answer) },
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
