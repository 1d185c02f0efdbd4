using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>OpenAI's <c>/v1/completions</c>.</summary>
public sealed class TextCompletionFormat(ServedModel model, CompletionSettings settings) : AnswerFormat(model, settings)
{
    private readonly string _id = NewId("chatcmpl-");

    /// <inheritdoc/>
    public override JsonNode Whole(IReadOnlyList<Answer> answers)
    {
        var json = Document([.. answers.Select(a => (JsonNode)Choice(a.Text, a.Index, LogProbabilities(a), Reason(a)))]);
        json["usage"] = Usage(answers);
        AddTimings(json, answers[0].Timings);
        return json;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        switch (part)
        {
            case PromptProgress progress:
                var begun = Document([Choice("", index, null, null)]);
                begun["prompt_progress"] = Progress(progress);
                if (Settings.TimingsPerToken)
                    begun["timings"] = TimingsJson.Host(progress.Timings);
                return [Event(begun)];
            case AnswerToken token:
                var list = token.Token.Top.Count > 0 ? new JsonObject { ["content"] = Probabilities(token.Token) } : null;
                var json = Document([Choice(token.Text, index, list, null)]);
                if (Settings.TimingsPerToken || token.EndsAnswer)
                    json["timings"] = TimingsJson.Host(token.Timings);
                return [Event(json)];
            case AnswerEnded ended:
                var last = Document([Choice(ended.Rest, index, null, Reason(ended.Answer))]);
                last["usage"] = Usage([ended.Answer]);
                AddTimings(last, ended.Answer.Timings);
                return [Event(last)];
            default:
                return [];
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Done() => ["data: [DONE]\n\n"];

    private static string Reason(Answer answer) => answer.Stop is StopKind.Word or StopKind.End ? "stop" : "length";

    private static JsonObject Choice(string text, int index, JsonNode? list, string? reason) =>
        new()
        {
            ["text"] = text,
            ["index"] = index,
            ["logprobs"] = list,
            ["finish_reason"] = reason,
        };

    private JsonObject? LogProbabilities(Answer answer) =>
        Settings.Probabilities > 0 && answer.Tokens.Count > 0 ? new JsonObject { ["content"] = Probabilities(answer) } : null;

    private JsonObject Document(JsonArray choices) =>
        new()
        {
            ["choices"] = choices,
            ["created"] = Created,
            ["model"] = Model.Id,
            ["system_fingerprint"] = Model.Build,
            ["object"] = "text_completion",
            ["id"] = _id,
        };
}
