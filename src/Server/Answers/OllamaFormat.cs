using System.Globalization;
using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

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
        text.Push(answers[0].Text, isLast: true);
        return Last(answers[0], text.Reasoning, text.Content);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        switch (part)
        {
            case AnswerToken token:
                var (reasoning, content) = _text.Push(token.Text, isLast: false);
                return reasoning.Length + content.Length == 0 ? [] : [Line(Document(reasoning, content))];
            case AnswerEnded ended:
                var (lastReasoning, lastContent) = _text.Push(ended.Rest, isLast: true);
                return [Line(Last(ended.Answer, lastReasoning, lastContent))];
            default:
                return [];
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Failed(JsonObject error) =>
        [Line(new JsonObject { ["error"] = error["error"]?["message"]?.DeepClone() })];

    private static string Line(JsonNode json) => JsonText.Of(json) + "\n";

    private JsonObject Document(string reasoning, string content)
    {
        var json = new JsonObject { ["model"] = Model.Id, ["created_at"] = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture) };
        if (isChat)
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = content };
            if (reasoning.Length > 0)
                message["thinking"] = reasoning;
            json["message"] = message;
        }
        else
        {
            json["response"] = content;
            if (reasoning.Length > 0)
                json["thinking"] = reasoning;
        }
        json["done"] = false;
        return json;
    }

    private JsonObject Last(Answer answer, string reasoning, string content)
    {
        var json = Document(reasoning, content);
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
}
