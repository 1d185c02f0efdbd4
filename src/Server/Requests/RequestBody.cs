using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Server.Requests;

/// <summary>The JSON object of a request. A field that is <c>null</c> counts as absent.</summary>
public sealed class RequestBody
{
    private const int DeepestNesting = 128;

    private readonly Dictionary<string, JsonElement> _fields;

    private RequestBody(Dictionary<string, JsonElement> fields) => _fields = fields;

    /// <summary>Names of its fields.</summary>
    public IEnumerable<string> Names => _fields.Keys;

    /// <summary>Reads a body.</summary>
    /// <exception cref="RequestException">It is no JSON object.</exception>
    public static RequestBody Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0)
            throw RequestException.Invalid("the body is empty; send a JSON object");
        if (!JsonTexts.AreUnicode(bytes.Span))
            throw RequestException.Invalid("the body is not UTF-8 text, or holds half of a surrogate pair");
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DeepestNesting });
            return Of(HasEqualNames(bytes) ? LastOfEach(document.RootElement) : document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw RequestException.Invalid(
                $"the body is no valid JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}"
            );
        }
    }

    private static bool HasEqualNames(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json,
                new JsonDocumentOptions { MaxDepth = DeepestNesting, AllowDuplicateProperties = false }
            );
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    // JsonNode takes no equal names.
    private static JsonElement LastOfEach(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = DeepestNesting + 1 }))
            WriteLastOfEach(writer, element);
        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = DeepestNesting });
    }

    private static void WriteLastOfEach(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var last = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var (i, property) in element.EnumerateObject().Index())
                    last[property.Name] = i;
                foreach (var (i, property) in element.EnumerateObject().Index())
                {
                    if (last[property.Name] != i)
                        continue;
                    writer.WritePropertyName(property.Name);
                    WriteLastOfEach(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    WriteLastOfEach(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>The fields of a JSON object; the last of equal names counts.</summary>
    /// <exception cref="RequestException">It is no object.</exception>
    public static RequestBody Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw RequestException.Invalid("the body must be a JSON object");
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
            fields[property.Name] = property.Value;
        return new RequestBody(fields);
    }

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The field; null when it is absent or null.</summary>
    public JsonElement? Find(string name) =>
        _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The same request with another field.</summary>
    public RequestBody With(string name, JsonElement value) =>
        new(new Dictionary<string, JsonElement>(_fields, StringComparer.Ordinal) { [name] = value });

    /// <summary>The same request with another field.</summary>
    public RequestBody With<T>(string name, T value) => With(name, JsonSerializer.SerializeToElement(value));

    /// <summary>The same request without some fields.</summary>
    public RequestBody Without(params ReadOnlySpan<string> names)
    {
        var fields = new Dictionary<string, JsonElement>(_fields, StringComparer.Ordinal);
        foreach (var name in names)
            fields.Remove(name);
        return new RequestBody(fields);
    }

    /// <summary>A truth value, or <paramref name="other"/> when the field is absent.</summary>
    /// <exception cref="RequestException">It is of another type.</exception>
    public bool Flag(string name, bool other) =>
        Find(name) is not { } value ? other
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw WrongType(name, "boolean", value);

    /// <summary>A text, or <paramref name="other"/> when the field is absent.</summary>
    /// <exception cref="RequestException">It is of another type.</exception>
    public string Text(string name, string other) =>
        Find(name) is not { } value ? other
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw WrongType(name, "string", value);

    /// <summary>A number, or <paramref name="other"/> when the field is absent.</summary>
    /// <exception cref="RequestException">It is of another type.</exception>
    public double Number(string name, double other) =>
        Find(name) is not { } value ? other
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : throw WrongType(name, "number", value);

    /// <summary>A whole number between bounds, or <paramref name="other"/> when the field is absent.</summary>
    /// <exception cref="RequestException">It is of another type or outside the bounds.</exception>
    public long Whole(string name, long other, long least, long most)
    {
        if (!Has(name))
            return other;
        var number = Number(name, other);
        return number >= least && number <= most
            ? (long)number
            : throw RequestException.Invalid($"Field '{name}': Value must be between {least} <= value <= {most}, but got {(long)number}");
    }

    /// <summary>A whole number moved between bounds, or <paramref name="other"/> when the field is absent.</summary>
    /// <exception cref="RequestException">It is of another type.</exception>
    public int Clamped(string name, int other, int least, int most) => (int)Math.Clamp(Number(name, other), least, most);

    /// <summary>A float32 moved between bounds, or <paramref name="other"/> when the field is absent.</summary>
    /// <exception cref="RequestException">It is of another type.</exception>
    public float Real(string name, float other, float least = float.MinValue, float most = float.MaxValue) =>
        (float)Math.Clamp(Number(name, other), least, most);

    /// <summary>Texts of a list, or null when the field is absent or no list of texts.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(t => t.GetString()!)]
            : null;

    /// <summary>The error for a field of the wrong type.</summary>
    public static RequestException WrongType(string name, string wanted, JsonElement found) =>
        RequestException.Invalid($"Field '{name}': [json.exception.type_error.302] type must be {wanted}, but is {KindOf(found)}");

    private static string KindOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "null",
        };
}
