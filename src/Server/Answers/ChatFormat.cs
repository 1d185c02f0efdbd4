using System.Text.Json.Nodes;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;
using TaalasSim.Server.Tools;

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
        foreach (var delta in Deltas(TextOf(index), token.Text, isLast: false))
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
        foreach (var delta in Deltas(TextOf(index), ended.Rest, isLast: true))
            chunks.Add(Chunk(index, delta));
        chunks.Add(Chunk(index, [], Reason(ended.Answer, TextOf(index))));
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

    // Text in one chunk, every call in two: what is called, then with which arguments.
    private static List<JsonObject> Deltas(ChatText text, string piece, bool isLast)
    {
        var number = text.Calls.Count;
        var part = text.Push(piece, isLast);
        var deltas = new List<JsonObject>();
        var delta = new JsonObject();
        if (part.Reasoning.Length > 0)
            delta["reasoning_content"] = part.Reasoning;
        if (part.Content.Length > 0)
            delta["content"] = part.Content;
        if (delta.Count > 0)
            deltas.Add(delta);
        foreach (var call in part.Calls)
        {
            var head = CallOf(call with { Arguments = "" });
            head["index"] = number;
            var rest = new JsonObject
            {
                ["index"] = number,
                ["function"] = new JsonObject { ["arguments"] = call.Arguments },
            };
            deltas.Add(new JsonObject { ["tool_calls"] = new JsonArray(head) });
            deltas.Add(new JsonObject { ["tool_calls"] = new JsonArray(rest) });
            number++;
        }
        return deltas;
    }

    private static JsonObject CallOf(ToolCall call) =>
        new()
        {
            ["type"] = "function",
            ["id"] = call.Id,
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
        };

    private static string Reason(Answer answer, ChatText text) =>
        answer.Stop is not (StopKind.Word or StopKind.End) ? "length"
        : text.Calls.Count > 0 ? "tool_calls"
        : "stop";

    private JsonObject Choice(Answer answer)
    {
        var text = new ChatText(Settings);
        text.Push(answer.Text, isLast: true);
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text.Content };
        if (text.Reasoning.Length > 0)
            message["reasoning_content"] = text.Reasoning;
        if (text.Calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. text.Calls.Select(call => (JsonNode)CallOf(call))]);
        var choice = new JsonObject
        {
            ["finish_reason"] = Reason(answer, text),
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
