using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TaalasSim.Server.Answers;

/// <summary>JSON as it goes to clients: compact, in UTF-8, without escapes that JSON does not need.</summary>
internal static class JsonText
{
    // Answers are application/json or event streams, never part of a page.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A node as text.</summary>
    public static string Of(JsonNode? node) => node is null ? "null" : node.ToJsonString(Options);

    /// <summary>A list of texts.</summary>
    public static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    /// <summary>A float32 as the double that equals it.</summary>
    public static JsonNode Real(float value) =>
        float.IsFinite(value) ? JsonValue.Create((double)value) : JsonValue.Create(value > 0 ? double.MaxValue : -double.MaxValue);
}
