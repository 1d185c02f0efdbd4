using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// <c>tokenizer.json</c> of a chip image: <see cref="TokenizerData"/> as JSON, UTF-8, keys always in the same order and absent values left
/// out, so that equal data give equal bytes. Reading accepts nothing it does not know.
/// </summary>
public static class TokenizerDataFile
{
    /// <summary>Largest file read; a vocabulary of 260,000 tokens takes about 12 MB.</summary>
    public const long LargestFile = 256L << 20;

    private const string Format = "taalas-tokenizer";
    private const int Version = 1;
    private const int DeepestNesting = 4;
    private const string BytesSuffix = "_bytes";

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(TokenizerData data)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("model", data.Model);
            WriteString(json, "pre", data.Pre);
            WriteString(json, "model_name", data.ModelName);
            WriteString(json, "architecture", data.Architecture);
            json.WriteStartObject("special_tokens");
            foreach (var (name, id) in Ids(data.SpecialTokens))
                if (id is { } value)
                    json.WriteNumber(name, value);
            json.WriteEndObject();
            WriteFlag(json, "add_bos", data.AddBos);
            WriteFlag(json, "add_eos", data.AddEos);
            WriteFlag(json, "add_space_prefix", data.AddSpacePrefix);
            WriteFlag(json, "remove_extra_whitespaces", data.RemoveExtraWhitespaces);
            WriteString(json, "chat_template", data.ChatTemplate);
            if (data.NamedChatTemplates.Count > 0)
            {
                json.WriteStartObject("chat_templates");
                foreach (var (name, template) in data.NamedChatTemplates.OrderBy(t => t.Key, StringComparer.Ordinal))
                    json.WriteString(name, template);
                json.WriteEndObject();
            }
            WriteTexts(json, "tokens", data.Tokens);
            WriteArray(json, "scores", data.Scores, json.WriteNumberValue);
            WriteArray(json, "token_types", data.TokenTypes, json.WriteNumberValue);
            WriteTexts(json, "merges", data.Merges);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>Writes the file, replacing what is there; equal data gives equal bytes.</summary>
    public static void Save(TokenizerData data, string path) => File.WriteAllBytes(path, Write(data));

    /// <exception cref="InputException">No such file, too large, or not written by <see cref="Save"/>.</exception>
    public static TokenizerData Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InputException($"{path}: no such file; compile the chip image again");
        if (file.Length > LargestFile)
            throw new InputException($"{path}: {file.Length} bytes, a tokenizer has at most {LargestFile}");
        return Read(RegularFile.ReadBytes(path, LargestFile, "a tokenizer"), path);
    }

    /// <param name="bytes">A whole file.</param>
    /// <param name="name">Named in error messages.</param>
    /// <exception cref="InputException">The bytes are no tokenizer of this version.</exception>
    public static TokenizerData Read(ReadOnlyMemory<byte> bytes, string name = "tokenizer.json")
    {
        try
        {
            using var document = JsonDocument.Parse(
                bytes,
                new JsonDocumentOptions { MaxDepth = DeepestNesting, AllowDuplicateProperties = false }
            );
            return new Reader(name).Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InputException($"{name}: not valid JSON near line {e.LineNumber + 1}; compile the chip image again", e);
        }
        catch (InvalidOperationException e)
        {
            // System.Text.Json's answer to a string of ill-formed UTF-8 or a lone surrogate escape.
            throw new InputException($"{name}: holds text that is not Unicode; compile the chip image again", e);
        }
    }

    private static IEnumerable<(string Name, int? Id)> Ids(SpecialTokenIds ids) =>
        [
            ("bos", ids.Bos),
            ("eos", ids.Eos),
            ("eot", ids.Eot),
            ("eom", ids.Eom),
            ("unknown", ids.Unknown),
            ("separator", ids.Separator),
            ("padding", ids.Padding),
            ("mask", ids.Mask),
            ("fim_prefix", ids.FimPrefix),
            ("fim_suffix", ids.FimSuffix),
            ("fim_middle", ids.FimMiddle),
            ("fim_padding", ids.FimPadding),
            ("fim_repository", ids.FimRepository),
            ("fim_separator", ids.FimSeparator),
        ];

    private static void WriteString(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag)
            json.WriteBoolean(name, flag);
    }

    // Texts that are not UTF-8 are written for people, and their bytes beside them for the program.
    private static void WriteTexts(Utf8JsonWriter json, string name, string[]? texts)
    {
        WriteArray(json, name, texts, text => json.WriteStringValue(TokenBytes.Readable(text)));
        if (texts is null || Array.TrueForAll(texts, TokenBytes.IsText))
            return;
        json.WriteStartObject(name + BytesSuffix);
        for (var i = 0; i < texts.Length; i++)
            if (!TokenBytes.IsText(texts[i]))
                json.WriteBase64String(i.ToString(CultureInfo.InvariantCulture), TokenBytes.Of(texts[i]));
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, T[]? values, Action<T> write)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            write(value);
        json.WriteEndArray();
    }

    private sealed class Reader(string name)
    {
        private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

        public TokenizerData Read(JsonElement root)
        {
            if (root.ValueKind != JsonValueKind.Object)
                throw Fault("expected an object");
            foreach (var property in root.EnumerateObject())
                _values.Add(property.Name, property.Value);
            if (Text("format") != Format)
                throw Fault($"'format' must be \"{Format}\"");
            if (Number("version", Take("version") ?? default) != Version)
                throw Fault($"'version' must be {Version}; this file is of another version of the program");
            var data = new TokenizerData
            {
                Model = Text("model") ?? throw Fault("'model' is missing"),
                Pre = Text("pre"),
                ModelName = Text("model_name"),
                Architecture = Text("architecture"),
                SpecialTokens = SpecialTokens(),
                AddBos = Flag("add_bos"),
                AddEos = Flag("add_eos"),
                AddSpacePrefix = Flag("add_space_prefix"),
                RemoveExtraWhitespaces = Flag("remove_extra_whitespaces"),
                ChatTemplate = Text("chat_template"),
                NamedChatTemplates = Templates(),
                Tokens = Texts("tokens") ?? throw Fault("'tokens' is missing"),
                Scores = Array("scores", Score),
                TokenTypes = Array("token_types", Number),
                Merges = Texts("merges"),
            };
            if (_values.Count > 0)
                throw Fault($"'{_values.Keys.First()}' is not known");
            return data;
        }

        private Dictionary<string, string> Templates()
        {
            var templates = new Dictionary<string, string>(StringComparer.Ordinal);
            if (Take("chat_templates") is not { } element)
                return templates;
            if (element.ValueKind != JsonValueKind.Object)
                throw Fault("'chat_templates' must be an object");
            foreach (var property in element.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.String || !templates.TryAdd(property.Name, property.Value.GetString()!))
                    throw Fault($"'chat_templates' must hold one text for each name, found another '{property.Name}'");
            }
            return templates;
        }

        private SpecialTokenIds SpecialTokens()
        {
            if (Take("special_tokens") is not { } element)
                return new SpecialTokenIds();
            if (element.ValueKind != JsonValueKind.Object)
                throw Fault("'special_tokens' must be an object");
            var ids = new SpecialTokenIds();
            foreach (var property in element.EnumerateObject())
            {
                var id = Number(property.Name, property.Value);
                if (id < 0)
                    throw Fault($"'{property.Name}' must not be negative");
                ids = property.Name switch
                {
                    "bos" => ids with { Bos = id },
                    "eos" => ids with { Eos = id },
                    "eot" => ids with { Eot = id },
                    "eom" => ids with { Eom = id },
                    "unknown" => ids with { Unknown = id },
                    "separator" => ids with { Separator = id },
                    "padding" => ids with { Padding = id },
                    "mask" => ids with { Mask = id },
                    "fim_prefix" => ids with { FimPrefix = id },
                    "fim_suffix" => ids with { FimSuffix = id },
                    "fim_middle" => ids with { FimMiddle = id },
                    "fim_padding" => ids with { FimPadding = id },
                    "fim_repository" => ids with { FimRepository = id },
                    "fim_separator" => ids with { FimSeparator = id },
                    _ => throw Fault($"'special_tokens.{property.Name}' is not known"),
                };
            }
            return ids;
        }

        private JsonElement? Take(string key) => _values.Remove(key, out var value) ? value : null;

        private string? Text(string key) => Take(key) is { } element ? Text(key, element) : null;

        private bool? Flag(string key) =>
            Take(key) is not { } element ? null
            : element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean()
            : throw Fault($"'{key}' must be true or false");

        private T[]? Array<T>(string key, Func<string, JsonElement, T> read)
        {
            if (Take(key) is not { } element)
                return null;
            if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > TokenizerData.MostTokens)
                throw Fault($"'{key}' must be an array of at most {TokenizerData.MostTokens} values");
            return [.. element.EnumerateArray().Select(item => read(key, item))];
        }

        private string[]? Texts(string key)
        {
            var texts = Array(key, Text);
            if (Take(key + BytesSuffix) is not { } element)
                return texts;
            if (texts is null || element.ValueKind != JsonValueKind.Object)
                throw Fault($"'{key}{BytesSuffix}' must be an object beside '{key}'");
            foreach (var property in element.EnumerateObject())
                texts[Index(property.Name, texts.Length)] =
                    property.Value.ValueKind == JsonValueKind.String && property.Value.TryGetBytesFromBase64(out var bytes)
                        ? TokenBytes.ToText(bytes)
                        : throw Fault($"'{key}{BytesSuffix}' must hold bytes in base 64");
            return texts;

            int Index(string text, int count) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count
                    ? index
                    : throw Fault($"'{key}{BytesSuffix}' must name positions of '{key}'");
        }

        private string Text(string key, JsonElement element) =>
            element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Fault($"'{key}' must hold text");

        private int Number(string key, JsonElement element) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value)
                ? value
                : throw Fault($"'{key}' must hold whole numbers");

        private float Score(string key, JsonElement element) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out var value)
                ? value
                : throw Fault($"'{key}' must hold numbers");

        private InputException Fault(string what) => new($"{name}: {what}; compile the chip image again");
    }
}
