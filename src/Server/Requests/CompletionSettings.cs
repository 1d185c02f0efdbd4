using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Requests;

/// <summary>What one completion asks for, after limits: every field of llama-server's <c>/completion</c> that has a meaning here.</summary>
public sealed record CompletionSettings
{
    /// <summary>How tokens are chosen.</summary>
    public required SamplerChainSettings Sampler { get; init; }

    /// <summary>Most new tokens; −1 for no limit, 0 evaluates the prompt only.</summary>
    public required int Predict { get; init; }

    /// <summary>Tokens at the start that a context shift keeps; −1 for the whole prompt.</summary>
    public int Keep { get; init; }

    /// <summary>Tokens that a context shift drops; 0 for half.</summary>
    public int Discard { get; init; }

    /// <summary>Least indentation of a line, characters; a line with less ends the answer.</summary>
    public int Indent { get; init; }

    /// <summary>Time of an answer from its first token, ms, after which the next line ends it; 0 or less for none.</summary>
    public long PredictMilliseconds { get; init; }

    /// <summary>Whether the answer comes token by token.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with the count of tokens.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether the slot's context is kept where the prompt begins alike.</summary>
    public bool CachePrompt { get; init; } = true;

    /// <summary>Whether token ids are in the answer.</summary>
    public bool ReturnTokens { get; init; }

    /// <summary>Whether the stream reports how far the prompt is.</summary>
    public bool ReturnProgress { get; init; }

    /// <summary>Whether every part of a stream carries timings.</summary>
    public bool TimingsPerToken { get; init; }

    /// <summary>Whether the answer carries the request's internals.</summary>
    public bool Verbose { get; init; }

    /// <summary>Seconds between comments in a silent stream; −1 for none.</summary>
    public int PingSeconds { get; init; }

    /// <summary>Number of alternatives.</summary>
    public int Completions { get; init; } = 1;

    /// <summary>Number of most likely tokens told with each token.</summary>
    public int Probabilities { get; init; }

    /// <summary>Whether those probabilities are the ones after sampling.</summary>
    public bool PostSampling { get; init; }

    /// <summary>Whether an end of generation is banned.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>GBNF that the answer must match; empty for none.</summary>
    public string Grammar { get; init; } = "";

    /// <summary>When the grammar begins to hold; null for at once.</summary>
    public GrammarTrigger? Trigger { get; init; }

    /// <summary>Control tokens whose text is part of the answer.</summary>
    public IReadOnlyList<int> PreservedTokens { get; init; } = [];

    /// <summary>Tools that the answer may call; null for none.</summary>
    public ToolUse? Tools { get; init; }

    /// <summary>Fields of the answer to return; empty for all.</summary>
    public IReadOnlyList<string> ResponseFields { get; init; } = [];

    /// <summary>Slot to use; −1 for any.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>How reasoning is told apart in chat answers.</summary>
    public string ReasoningFormat { get; init; } = "none";

    /// <summary>What the model writes around its reasoning.</summary>
    public ReasoningSyntax Reasoning { get; init; } = ReasoningSyntax.Think;

    /// <summary>Whether the answer is messages with headers, as gpt-oss writes them.</summary>
    public bool IsHarmony { get; init; }

    /// <summary>Whether reasoning is told apart.</summary>
    public bool SplitsReasoning => ReasoningFormat is "deepseek" or "auto";

    /// <summary>Whether the prompt has opened the reasoning.</summary>
    public bool OpensReasoning => GenerationPrompt.TrimEnd().EndsWith(Reasoning.Open, StringComparison.Ordinal);

    /// <summary>What the template wrote to open the answer.</summary>
    public string GenerationPrompt { get; init; } = "";

    /// <summary>Kind of chat answer.</summary>
    public string ChatFormat { get; init; } = "Content-only";

    /// <summary>The end of the conversation, which the answer continues.</summary>
    public string Prefill { get; init; } = "";
}
