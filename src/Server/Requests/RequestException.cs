namespace TaalasSim.Server.Requests;

/// <summary>A request that is answered with an error, in the form of llama-server and OpenAI.</summary>
/// <param name="code">HTTP status.</param>
/// <param name="type">Kind of error, such as <c>invalid_request_error</c>.</param>
/// <param name="message">What was wrong.</param>
public sealed class RequestException(int code, string type, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Code { get; } = code;

    /// <summary>Kind of error.</summary>
    public string Type { get; } = type;

    /// <summary>Further fields of the error.</summary>
    public IReadOnlyDictionary<string, long> Details { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Something is wrong with the request.</summary>
    public static RequestException Invalid(string message) => new(400, "invalid_request_error", message);

    /// <summary>The server was not started for this, or cannot do it.</summary>
    public static RequestException NotSupported(string message) => new(501, "not_supported_error", message);

    /// <summary>The server cannot take the request now.</summary>
    public static RequestException Unavailable(string message) => new(503, "unavailable_error", message);

    /// <summary>The prompt is longer than a slot's context.</summary>
    public static RequestException TooLong(int tokens, int context) =>
        new(
            400,
            "exceed_context_size_error",
            $"request ({tokens} tokens) exceeds the available context size ({context} tokens), try increasing it"
        )
        {
            Details = new Dictionary<string, long>(StringComparer.Ordinal) { ["n_prompt_tokens"] = tokens, ["n_ctx"] = context },
        };
}
