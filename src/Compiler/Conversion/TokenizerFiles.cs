using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Conversion;

/// <summary>The tokenizer files of a model folder: tokenizer.json or vocab.json with merges.txt, tokenizer_config.json,
/// added_tokens.json.</summary>
internal sealed class TokenizerFiles
{
    private const long MostMergesBytes = 64L << 20;

    private readonly string _folder;

    /// <summary>Reads what is there.</summary>
    /// <exception cref="InputException">A file is malformed.</exception>
    public TokenizerFiles(string folder)
    {
        _folder = folder;
        Json = Optional("tokenizer.json");
        Config = Optional("tokenizer_config.json");
        Model = Json is { } json && json.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object ? model : null;
        if (Json is not null && Model is null)
            throw new InputException($"{PathOf("tokenizer.json")}: key 'model': expected an object; fetch the file again");
    }

    /// <summary>tokenizer.json, or null.</summary>
    public JsonElement? Json { get; }

    /// <summary>tokenizer_config.json, or null.</summary>
    public JsonElement? Config { get; }

    /// <summary>Key <c>model</c> of tokenizer.json, or null.</summary>
    public JsonElement? Model { get; }

    /// <summary>Whether there is a tokenizer.model.</summary>
    public bool HasSentencePiece => File.Exists(PathOf("tokenizer.model"));

    /// <summary>Path of a file of the folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>A truth value of tokenizer.json's model.</summary>
    public bool? ModelFlag(string key) => Model is { } model ? Flag(model, key) : null;

    /// <summary>A text of tokenizer_config.json.</summary>
    public string? ConfigText(string key) =>
        Config is { } config && config.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A truth value of tokenizer_config.json.</summary>
    public bool? ConfigFlag(string key) => Config is { } config ? Flag(config, key) : null;

    /// <summary>Ids of the texts of byte-pair encoding, added tokens not among them.</summary>
    /// <exception cref="InputException">There are none, or an id is out of range or there twice.</exception>
    public Dictionary<string, int> Pairs()
    {
        string path;
        JsonElement vocabulary;
        if (Model is { } model)
        {
            path = PathOf("tokenizer.json");
            var type = model.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString()! : "BPE";
            if (type != "BPE")
                throw new InputException(
                    $"{path}: tokenizers of type {GgufFaults.Quote(type)} are not converted; a tokenizer.model or byte-pair encoding "
                        + "is needed"
                );
            if (!model.TryGetProperty("vocab", out vocabulary))
                throw new InputException($"{path}: key 'model.vocab' is missing; fetch the file again");
        }
        else
        {
            path = PathOf("vocab.json");
            if (!File.Exists(path))
                throw new InputException(
                    $"{PathOf("tokenizer.json")}: missing, and so is tokenizer.model; fetch the model's tokenizer files"
                );
            vocabulary = JsonFile.Read(path);
        }

        return Ids(vocabulary, path);
    }

    /// <summary>Merges "left right", a space inside a part as U+0120.</summary>
    /// <exception cref="InputException">They are malformed.</exception>
    public IReadOnlyList<string> Merges()
    {
        if (Model is { } model && model.TryGetProperty("merges", out var merges) && merges.ValueKind != JsonValueKind.Null)
        {
            var path = PathOf("tokenizer.json");
            if (merges.ValueKind != JsonValueKind.Array)
                throw new InputException($"{path}: key 'model.merges': expected a list; fetch the file again");
            var list = merges.EnumerateArray().Select((merge, i) => Merge(merge, path, i)).ToList();
            if (list.Count > 0)
                return list;
        }

        var text = PathOf("merges.txt");
        return File.Exists(text)
            ?
            [
                .. RegularFile
                    .ReadText(text, MostMergesBytes, "a list of merges")
                    .Split('\n')
                    .Where((line, i) => i > 0 || !line.StartsWith('#'))
                    .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    .Where(parts => parts.Length == 2)
                    .Select(parts => $"{parts[0]} {parts[1]}"),
            ]
            : [];
    }

    /// <summary>Added tokens of tokenizer.json.</summary>
    /// <exception cref="InputException">They are malformed.</exception>
    public IReadOnlyList<AddedToken> AddedOfJson()
    {
        if (Json is not { } json || !json.TryGetProperty("added_tokens", out var list) || list.ValueKind == JsonValueKind.Null)
            return [];
        var path = PathOf("tokenizer.json");
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select((entry, i) => Added(entry, null, path, $"added_tokens[{i}]"))]
            : throw new InputException($"{path}: key 'added_tokens': expected a list; fetch the file again");
    }

    /// <summary>Added tokens of tokenizer_config.json.</summary>
    /// <exception cref="InputException">They are malformed.</exception>
    public IReadOnlyList<AddedToken> AddedOfConfig()
    {
        if (Config is not { } config || !config.TryGetProperty("added_tokens_decoder", out var map) || map.ValueKind == JsonValueKind.Null)
            return [];
        var path = PathOf("tokenizer_config.json");
        if (map.ValueKind != JsonValueKind.Object)
            throw new InputException($"{path}: key 'added_tokens_decoder': expected an object; fetch the file again");
        return
        [
            .. map.EnumerateObject()
                .Select(entry =>
                    Added(
                        entry.Value,
                        long.TryParse(entry.Name, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : -1,
                        path,
                        $"added_tokens_decoder.{entry.Name}"
                    )
                ),
        ];
    }

    /// <summary>Texts and ids of added_tokens.json.</summary>
    /// <exception cref="InputException">The file is malformed.</exception>
    public IReadOnlyList<(string Text, long Id)> AddedOfFile()
    {
        var path = PathOf("added_tokens.json");
        return File.Exists(path)
            ?
            [
                .. JsonFile
                    .ReadObject(path)
                    .EnumerateObject()
                    .Select(entry =>
                        entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt64(out var id) && id >= 0
                            ? (entry.Name, id)
                            : throw new InputException(
                                $"{path}: token {GgufFaults.Quote(entry.Name)}: expected an id from 0; fetch the file again"
                            )
                    ),
            ]
            : [];
    }

    private JsonElement? Optional(string name) => File.Exists(PathOf(name)) ? JsonFile.ReadObject(PathOf(name)) : null;

    private static bool? Flag(JsonElement part, string key) =>
        part.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static Dictionary<string, int> Ids(JsonElement vocabulary, string path)
    {
        if (vocabulary.ValueKind != JsonValueKind.Object)
            throw new InputException($"{path}: the vocabulary is no object of texts and ids; fetch the file again");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var used = new HashSet<int>();
        foreach (var entry in vocabulary.EnumerateObject())
        {
            var text = TextOf(entry, path);
            if (
                entry.Value.ValueKind != JsonValueKind.Number
                || !entry.Value.TryGetInt32(out var id)
                || id is < 0 or >= TokenizerData.MostTokens
            )
                throw new InputException(
                    $"{path}: token {GgufFaults.Quote(text)}: expected an id of 0…{TokenizerData.MostTokens - 1}, found "
                        + $"{ModelConfig.Shown(entry.Value)}"
                );
            if (text.Length > TokenizerData.LongestTokenText)
                throw new InputException(
                    $"{path}: token {id} has {text.Length} characters; at most {TokenizerData.LongestTokenText} are read"
                );
            if (!ids.TryAdd(text, id) || !used.Add(id))
                throw new InputException($"{path}: token {GgufFaults.Quote(text)} or its id {id} is there twice; fetch the file again");
        }

        return ids;
    }

    private static string TextOf(JsonProperty entry, string path)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException)
        {
            throw new InputException($"{path}: a token holds half a character (a lone surrogate); fetch the file again");
        }
    }

    private static string Merge(JsonElement merge, string path, int number)
    {
        if (merge.ValueKind == JsonValueKind.String && merge.GetString() is { } text && text.IndexOf(' ', Math.Min(1, text.Length)) > 0)
            return text;
        if (
            merge.ValueKind == JsonValueKind.Array
            && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String
            && merge[1].ValueKind == JsonValueKind.String
        )
            return $"{merge[0].GetString()!.Replace(' ', '\u0120')} {merge[1].GetString()!.Replace(' ', '\u0120')}";
        throw new InputException($"{path}: merge {number}: expected two texts, found {ModelConfig.Shown(merge)}; fetch the file again");
    }

    private static AddedToken Added(JsonElement entry, long? id, string path, string where)
    {
        if (
            entry.ValueKind == JsonValueKind.Object
            && entry.TryGetProperty("content", out var content)
            && content.ValueKind == JsonValueKind.String
            && (
                id
                ?? (entry.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.Number && own.TryGetInt64(out var n) ? n : -1)
            )
                is >= 0
                    and < TokenizerData.MostTokens
                    and var number
        )
            return new(number, content.GetString()!, Flag(entry, "special") ?? false, Flag(entry, "normalized") ?? false);
        throw new InputException($"{path}: key {GgufFaults.Quote(where)}: expected a token with id and content; fetch the file again");
    }
}
