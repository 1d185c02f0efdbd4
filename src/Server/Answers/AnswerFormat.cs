using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Slots;

namespace TaalasSim.Server.Answers;

/// <summary>How an API writes answers: whole, or as events of a stream. One instance for each request.</summary>
/// <param name="model">The model.</param>
/// <param name="settings">What was asked for.</param>
public abstract class AnswerFormat(ServedModel model, CompletionSettings settings)
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>What was asked for.</summary>
    protected CompletionSettings Settings { get; } = settings;

    /// <summary>The model.</summary>
    protected ServedModel Model { get; } = model;

    /// <summary>When the request came, s since 1970.</summary>
    protected long Created { get; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>The model's tokenizer.</summary>
    protected TextTokenizer Tokenizer => Model.Tokenizer;

    /// <summary>Content type of a stream.</summary>
    public virtual string StreamType => "text/event-stream";

    /// <summary>All answers as one document.</summary>
    public abstract JsonNode Whole(IReadOnlyList<Answer> answers);

    /// <summary>What a stream writes for a part of answer <paramref name="index"/>.</summary>
    public abstract IEnumerable<string> Part(AnswerPart part, int index);

    /// <summary>What a stream writes after the last answer.</summary>
    public virtual IEnumerable<string> Done() => [];

    /// <summary>What a stream writes when an answer failed.</summary>
    public virtual IEnumerable<string> Failed(JsonObject error) => [Event(error)];

    /// <summary>An identifier with a prefix.</summary>
    protected static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString(Alphanumeric, 32);

    /// <summary>One event of a stream.</summary>
    protected static string Event(JsonNode data) => $"data: {JsonText.Of(data)}\n\n";

    /// <summary>One named event of a stream.</summary>
    protected static string Event(string name, JsonNode data) => $"event: {name}\ndata: {JsonText.Of(data)}\n\n";

    /// <summary>The prompt as text, control tokens as their texts.</summary>
    protected string PromptText(IReadOnlyList<int> prompt)
    {
        var bytes = new List<byte>();
        foreach (var id in prompt)
            bytes.AddRange(Tokenizer.Piece(id));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Tokens of an answer as lists of probabilities want them: those of a stop text are left out.</summary>
    protected JsonArray Probabilities(Answer answer)
    {
        var tokens = answer.Tokens;
        if (answer.Stop == StopKind.Word)
            tokens = [.. tokens.SkipLast(Tokenizer.Encode(answer.StoppingWord, addSpecial: false, parseSpecial: false).Length)];
        return new TokenJson(Tokenizer, Settings.PostSampling).List(tokens);
    }

    /// <summary>One token with its probabilities, as a list.</summary>
    protected JsonArray Probabilities(GeneratedToken token) => new TokenJson(Tokenizer, Settings.PostSampling).List([token]);

    /// <summary>Counts of tokens as OpenAI tells them.</summary>
    protected static JsonObject Usage(IReadOnlyList<Answer> answers)
    {
        var (prompt, made) = (answers.Sum(a => a.Prompt.Count), answers.Sum(a => a.Tokens.Count));
        return new JsonObject
        {
            ["completion_tokens"] = made,
            ["prompt_tokens"] = prompt,
            ["total_tokens"] = prompt + made,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = answers.Sum(a => a.Timings.Cached) },
        };
    }

    /// <summary>The prompt's progress.</summary>
    protected static JsonObject Progress(PromptProgress progress) =>
        new()
        {
            ["total"] = progress.Total,
            ["cache"] = progress.Cached,
            ["processed"] = progress.Processed,
            ["time_ms"] = (long)progress.Timings.PromptMs,
        };

    /// <summary>Puts the times of an answer into a document: the host's as <c>timings</c>, the chip's as <c>hw</c>.</summary>
    protected static void AddTimings(JsonObject json, AnswerTimings timings)
    {
        json["timings"] = TimingsJson.Host(timings);
        json["hw"] = TimingsJson.Chip(timings);
    }
}
