using System.Text.Json;

namespace TaalasSim.Server.Requests;

/// <summary>Ollama's requests as the forms that the other endpoints read.</summary>
internal static class OllamaRequest
{
    private static readonly (string Ollama, string Here)[] Renamed =
    [
        ("num_predict", "n_predict"),
        ("stop", "stop"),
        ("temperature", "temperature"),
        ("top_k", "top_k"),
        ("top_p", "top_p"),
        ("min_p", "min_p"),
        ("typical_p", "typical_p"),
        ("seed", "seed"),
        ("repeat_penalty", "repeat_penalty"),
        ("repeat_last_n", "repeat_last_n"),
        ("presence_penalty", "presence_penalty"),
        ("frequency_penalty", "frequency_penalty"),
        ("mirostat", "mirostat"),
        ("mirostat_tau", "mirostat_tau"),
        ("mirostat_eta", "mirostat_eta"),
    ];

    /// <summary>The options of a request as fields of a completion. A stream is the default.</summary>
    public static RequestBody ToFields(RequestBody body)
    {
        var fields = body.Without("options", "format", "keep_alive", "think", "raw", "template", "context")
            .With("stream", body.Flag("stream", true));
        if (body.Find("options") is { ValueKind: JsonValueKind.Object } json)
        {
            var options = RequestBody.Of(json);
            foreach (var (ollama, here) in Renamed)
                if (options.Find(ollama) is { } value)
                    fields = fields.With(here, value);
            if (options.Find("num_predict") is { ValueKind: JsonValueKind.Number } most && most.GetDouble() < -1)
                fields = fields.With("n_predict", -1);
        }
        return body.Find("format") switch
        {
            { ValueKind: JsonValueKind.Object } schema => fields.With("json_schema", schema),
            { ValueKind: JsonValueKind.String } name when name.GetString() == "json" => fields.With(
                "json_schema",
                JsonElement.Parse("""{"type":"object"}""")
            ),
            _ => fields,
        };
    }
}
