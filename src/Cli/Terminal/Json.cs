using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace TaalasSim.Cli.Terminal;

/// <summary>JSON on standard output: one object with snake_case keys in full precision. It begins with the version of the schema; remarks
/// that people would see on standard error are its <c>notices</c>. Keys of quantities end in their unit (docs/json.md).</summary>
public static class Json
{
    /// <summary>Version of all documents; it grows when a key changes its meaning or goes.</summary>
    public const int SchemaVersion = 1;

    /// <summary>How every <c>--json</c> answer is written.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DictionaryKeyPolicy = JsonNamingPolicy.SnakeCaseLower,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
                new FiniteNumber<double>(),
                new FiniteNumber<float>(),
            },
        };

    private static JsonSerializerOptions OneLine { get; } = new(Options) { WriteIndented = false };

    /// <summary>Writes an object to standard output.</summary>
    public static void Write<T>(T value) => Console.Out.WriteLine(Document(value, Notices.Take()).ToJsonString(Options));

    /// <summary>Writes a fault to standard error, in one line.</summary>
    /// <param name="exitCode">Exit code of the program.</param>
    /// <param name="message">What, where, and what to do.</param>
    public static void WriteError(int exitCode, string message) =>
        Console.Error.WriteLine(
            Document(new { Error = new { ExitCode = exitCode, Message = message } }, Notices.Take()).ToJsonString(OneLine)
        );

    private static JsonObject Document<T>(T value, string[] notices)
    {
        var document = JsonSerializer.SerializeToNode(value, Options)!.AsObject();
        document.Insert(0, "schema_version", SchemaVersion);
        if (notices.Length > 0)
            document["notices"] = JsonSerializer.SerializeToNode(notices, Options);
        return document;
    }
}
