using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>llama-server's own <c>/completion</c>.</summary>
public sealed class NativeFormat(ServedModel model, CompletionSettings settings) : AnswerFormat(model, settings)
{
    /// <inheritdoc/>
    public override JsonNode Whole(IReadOnlyList<Answer> answers) =>
        answers.Count == 1 ? One(answers[0]) : new JsonArray([.. answers.Select(a => (JsonNode)One(a))]);

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        switch (part)
        {
            case PromptProgress progress:
                var begun = Partial(index, "", 0, 0, progress.Total);
                begun["prompt_progress"] = Progress(progress);
                if (Settings.TimingsPerToken)
                    begun["timings"] = TimingsJson.Host(progress.Timings);
                return [Event(begun)];
            case AnswerToken token:
                var json = Partial(index, token.Text, token.Token.Id, token.Index, token.Timings.Prompt + token.Timings.Cached);
                if (Settings.Probabilities > 0)
                    json["completion_probabilities"] = Probabilities(token.Token);
                if (Settings.TimingsPerToken || token.EndsAnswer)
                    json["timings"] = TimingsJson.Host(token.Timings);
                return [Event(json)];
            case AnswerEnded ended:
                return [Event(One(ended.Answer, ended.Rest))];
            default:
                return [];
        }
    }

    private static JsonObject Partial(int index, string text, int token, int count, int prompt) =>
        new()
        {
            ["index"] = index,
            ["content"] = text,
            ["tokens"] = new JsonArray(token),
            ["stop"] = false,
            ["id_slot"] = -1,
            ["tokens_predicted"] = count,
            ["tokens_evaluated"] = prompt,
        };

    private JsonObject One(Answer answer, string? rest = null)
    {
        var isStream = rest is not null;
        var json = new JsonObject
        {
            ["index"] = answer.Index,
            ["content"] = rest ?? answer.Text,
            ["tokens"] = isStream || !Settings.ReturnTokens ? [] : new JsonArray([.. answer.Tokens.Select(t => (JsonNode)t.Id)]),
            ["id_slot"] = answer.Slot,
            ["stop"] = true,
            ["model"] = Model.Id,
            ["tokens_predicted"] = answer.Tokens.Count,
            ["tokens_evaluated"] = answer.Prompt.Count,
            ["generation_settings"] = SettingsJson.Whole(Settings, answer.Seed),
            ["prompt"] = PromptText(answer.Prompt),
            ["has_new_line"] = answer.HasNewLine,
            ["truncated"] = answer.IsTruncated,
            ["stop_type"] = answer.Stop switch
            {
                StopKind.End => "eos",
                StopKind.Word => "word",
                StopKind.Limit => "limit",
                _ => "none",
            },
            ["stopping_word"] = answer.StoppingWord,
            ["tokens_cached"] = answer.TokensCached,
        };
        AddTimings(json, answer.Timings);
        if (!isStream && Settings.Probabilities > 0)
            json["completion_probabilities"] = Probabilities(answer);
        return Settings.ResponseFields.Count > 0 ? Selected(json) : json;
    }

    // A field with slashes names one inside another and moves to the root under its whole name.
    private JsonObject Selected(JsonObject json)
    {
        var chosen = new JsonObject();
        foreach (var field in Settings.ResponseFields)
        {
            JsonNode? node = json;
            foreach (var part in field.Split('/'))
                node = node is JsonObject o && o.TryGetPropertyValue(part, out var next) ? next : null;
            if (node is not null)
                chosen[field] = node.DeepClone();
        }
        return chosen;
    }
}
