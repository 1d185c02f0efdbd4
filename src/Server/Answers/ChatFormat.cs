using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>OpenAI's <c>/v1/chat/completions</c>.</summary>
public sealed class ChatFormat(ServedModel model, CompletionSettings settings) : AnswerFormat(model, settings)
{
    private readonly string _id = NewId("chatcmpl-");
    private readonly Dictionary<int, ChatText> _texts = [];
    private readonly HashSet<int> _begun = [];
    private readonly List<Answer> _ended = [];

    /// <inheritdoc/>
    public override JsonNode Whole(IReadOnlyList<Answer> answers)
    {
        var json = Document("chat.completion", [.. answers.Select(a => (JsonNode)Choice(a))]);
        json["usage"] = Usage(answers);
        if (Settings.Verbose)
            json["__verbose"] = new NativeFormat(Model, Settings).Whole(answers);
        AddTimings(json, answers[0].Timings);
        return json;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Part(AnswerPart part, int index)
    {
        switch (part)
        {
            case PromptProgress progress:
                var begun = Begin(index) ?? Chunk(index, new JsonObject { ["role"] = "assistant", ["content"] = null });
                begun["prompt_progress"] = Progress(progress);
                if (Settings.TimingsPerToken)
                    begun["timings"] = TimingsJson.Host(progress.Timings);
                _begun.Remove(index);
                return [Event(begun)];
            case AnswerToken token:
                return Token(token, index);
            case AnswerEnded ended:
                return Ended(ended, index);
            default:
                return [];
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Done() => ["data: [DONE]\n\n"];

    private List<string> Token(AnswerToken token, int index)
    {
        var chunks = new List<JsonObject>();
        if (Begin(index) is { } begin)
            chunks.Add(begin);
        var (reasoning, content) = TextOf(index).Push(token.Text, isLast: false);
        if (Delta(reasoning, content) is { } delta)
            chunks.Add(Chunk(index, delta));
        if (chunks.Count > 0)
        {
            var last = chunks[^1];
            if (token.Token.Top.Count > 0)
                last["choices"]![0]!["logprobs"] = new JsonObject { ["content"] = Probabilities(token.Token) };
            if (Settings.TimingsPerToken || token.EndsAnswer)
                last["timings"] = TimingsJson.Host(token.Timings);
        }
        return chunks.ConvertAll(chunk => Event(chunk));
    }

    private List<string> Ended(AnswerEnded ended, int index)
    {
        var chunks = new List<JsonObject>();
        if (Begin(index) is { } begin)
            chunks.Add(begin);
        var (reasoning, content) = TextOf(index).Push(ended.Rest, isLast: true);
        if (Delta(reasoning, content) is { } delta)
            chunks.Add(Chunk(index, delta));
        chunks.Add(Chunk(index, [], Reason(ended.Answer)));
        _ended.Add(ended.Answer);
        if (Settings.IncludeUsage)
        {
            var usage = Document("chat.completion.chunk", []);
            usage["usage"] = Usage(_ended);
            chunks.Add(usage);
        }
        AddTimings(chunks[^1], ended.Answer.Timings);
        if (Settings.Verbose)
            chunks[0]["__verbose"] = new NativeFormat(Model, Settings).Whole([ended.Answer]);
        return chunks.ConvertAll(chunk => Event(chunk));
    }

    private ChatText TextOf(int index)
    {
        if (!_texts.TryGetValue(index, out var text))
            _texts[index] = text = new ChatText(Settings);
        return text;
    }

    // The first chunk of an answer tells the role.
    private JsonObject? Begin(int index) =>
        _begun.Add(index) ? Chunk(index, new JsonObject { ["role"] = "assistant", ["content"] = null }) : null;

    private static JsonObject? Delta(string reasoning, string content)
    {
        var delta = new JsonObject();
        if (reasoning.Length > 0)
            delta["reasoning_content"] = reasoning;
        if (content.Length > 0)
            delta["content"] = content;
        return delta.Count > 0 ? delta : null;
    }

    private static string Reason(Answer answer) => answer.Stop is StopKind.Word or StopKind.End ? "stop" : "length";

    private JsonObject Choice(Answer answer)
    {
        var text = new ChatText(Settings);
        text.Push(answer.Text, isLast: true);
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Content };
        if (text.Reasoning.Length > 0)
            message["reasoning_content"] = text.Reasoning;
        var choice = new JsonObject
        {
            ["finish_reason"] = Reason(answer),
            ["index"] = answer.Index,
            ["message"] = message,
        };
        if (Settings.Probabilities > 0 && answer.Tokens.Count > 0)
            choice["logprobs"] = new JsonObject { ["content"] = Probabilities(answer) };
        return choice;
    }

    private JsonObject Chunk(int index, JsonObject delta, string? reason = null) =>
        Document(
            "chat.completion.chunk",
            [
                new JsonObject
                {
                    ["finish_reason"] = reason,
                    ["index"] = index,
                    ["delta"] = delta,
                },
            ]
        );

    private JsonObject Document(string kind, JsonArray choices) =>
        new()
        {
            ["choices"] = choices,
            ["created"] = Created,
            ["id"] = _id,
            ["model"] = Model.Id,
            ["system_fingerprint"] = Model.Build,
            ["object"] = kind,
        };
}
