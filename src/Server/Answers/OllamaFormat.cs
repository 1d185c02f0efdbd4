using System.Globalization;
using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Answers;

/// <summary>Ollama's <c>/api/generate</c> and <c>/api/chat</c>: one JSON object a line.</summary>
/// <param name="model">The model.</param>
/// <param name="settings">What was asked for.</param>
/// <param name="isChat">Whether the text is a message.</param>
public sealed class OllamaFormat(ServedModel model, CompletionSettings settings, bool isChat) : AnswerFormat(model, settings)
{
    private readonly ChatText _text = new(settings);

    /// <inheritdoc/>
    public override string StreamType => "application/x-ndjson";

    /// <inheritdoc/>
    public override JsonNode Whole(IReadOnlyList<Answer> answers)
    {
        var text = new ChatText(Settings);
        return Last(answers[0], text.Push(answers[0].Text, isLast: true));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        switch (part)
        {
            case AnswerToken token:
                var delta = _text.Push(token.Text, isLast: false);
                return delta.IsEmpty ? [] : [Line(Document(delta))];
            case AnswerEnded ended:
                return [Line(Last(ended.Answer, _text.Push(ended.Rest, isLast: true)))];
            default:
                return [];
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Failed(JsonObject error) =>
        [Line(new JsonObject { ["error"] = error["error"]?["message"]?.DeepClone() })];

    private static string Line(JsonNode json) => JsonText.Of(json) + "\n";

    private JsonObject Document(ChatDelta delta)
    {
        var json = new JsonObject { ["model"] = Model.Id, ["created_at"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture) };
        if (isChat)
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = delta.Content };
            if (delta.Reasoning.Length > 0)
                message["thinking"] = delta.Reasoning;
            if (delta.Calls.Count > 0)
                message["tool_calls"] = new JsonArray([.. delta.Calls.Select(CallOf)]);
            json["message"] = message;
        }
        else
        {
            json["response"] = delta.Content;
            if (delta.Reasoning.Length > 0)
                json["thinking"] = delta.Reasoning;
        }
        json["done"] = false;
        return json;
    }

    private JsonObject Last(Answer answer, ChatDelta delta)
    {
        var json = Document(delta);
        var t = answer.Timings;
        json["done"] = true;
        json["done_reason"] = answer.Stop == StopKind.Limit ? "length" : "stop";
        json["total_duration"] = Nanoseconds(t.PromptMs + t.PredictedMs);
        json["load_duration"] = 0;
        json["prompt_eval_count"] = answer.Prompt.Count;
        json["prompt_eval_duration"] = Nanoseconds(t.PromptMs);
        json["eval_count"] = answer.Tokens.Count;
        json["eval_duration"] = Nanoseconds(t.PredictedMs);
        json["hw"] = TimingsJson.Chip(t);
        return json;
    }

    private static long Nanoseconds(double milliseconds) => (long)(milliseconds * 1e6);

    // Ollama gives arguments as an object.
    private static JsonNode CallOf(ToolCall call) =>
        new JsonObject
        {
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonNode.Parse(call.Arguments) },
        };
}
