using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Conversion;

/// <summary>
/// Ids of special tokens, which of them are added to a text, and the chat template. First from tokenizer_config.json, a token's id looked
/// up among tokenizer.json's added tokens; from config.json only what is still open, and only whole numbers.
/// </summary>
internal sealed class SpecialVocabulary
{
    private static readonly Dictionary<string, string> IdKeys = new(StringComparer.Ordinal)
    {
        ["bos"] = "bos",
        ["eos"] = "eos",
        ["unk"] = "unknown",
        ["sep"] = "seperator",
        ["pad"] = "padding",
        ["mask"] = "mask",
        ["eot"] = "eot",
        ["eom"] = "eom",
    };

    private readonly TokenizerFiles _files;
    private readonly long? _tokens;
    private readonly List<string> _types = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"];
    private readonly Dictionary<string, object?> _config = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _adds = new(StringComparer.Ordinal);

    private SpecialVocabulary(TokenizerFiles files, long? tokens)
    {
        (_files, _tokens) = (files, tokens);
        if (files.Config is { } config)
            foreach (var property in config.EnumerateObject())
                _config[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : property.Value;
    }

    /// <summary>Reads and writes them.</summary>
    /// <param name="keys">Takes the keys.</param>
    /// <param name="files">Tokenizer files.</param>
    /// <param name="config">config.json.</param>
    /// <param name="tokens">Tokens of the vocabulary; an id beyond is passed over. Null does not check.</param>
    /// <exception cref="InputException">The files are malformed.</exception>
    public static void Write(GgufKeys keys, TokenizerFiles files, ModelConfig config, long? tokens)
    {
        var vocabulary = new SpecialVocabulary(files, tokens);
        if (files.Json is { } json)
            vocabulary.ReadPostProcessor(json);
        if (files.Config is not null)
            vocabulary.ReadTokenizerConfig();
        vocabulary.ReadConfig(config);
        foreach (var (type, id) in vocabulary._ids)
            if (IdKeys.TryGetValue(type, out var name))
                keys.Add($"tokenizer.ggml.{name}_token_id", id);
        foreach (var type in (string[])["bos", "eos", "sep"])
            if (vocabulary._adds.TryGetValue(type, out var add))
                keys.Add($"tokenizer.ggml.add_{type}_token", add);
        if (files.Config is not null)
            ChatTemplateFiles.Write(keys, files);
    }

    private void ReadPostProcessor(JsonElement json)
    {
        if (!IsTrue(Token("bos")) && IsTrue(Token("cls")) && _files.Config is not null)
            _config["bos_token"] = Token("cls");
        if (!IsTrue(Token("eos")) && IsTrue(Token("sep")) && _files.Config is not null)
            _config["eos_token"] = Token("sep");
        if (!json.TryGetProperty("post_processor", out var post) || post.ValueKind != JsonValueKind.Object)
            return;
        var parts =
            post.TryGetProperty("processors", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
        foreach (var part in parts.Any() ? parts.ToArray() : [post])
        {
            var type = part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var t) ? t.ToString() : "";
            if (type == "RobertaProcessing")
                (_adds["bos"], _adds["eos"], _adds["sep"]) = (true, true, true);
            else if (type == "TemplateProcessing")
                ReadTemplate(part);
        }
    }

    private void ReadTemplate(JsonElement part)
    {
        var (single, pair) = (Items(part, "single"), Items(part, "pair"));
        string? first = null,
            last = null;
        if (single.Length > 1)
        {
            if ((first = Special(single[0])) is not null)
                TakeFirst(first);
            if ((last = Special(single[^1])) is not null)
                TakeLast(last);
        }

        if (pair.Length == 0)
            return;
        var start = first is not null && Special(pair[0]) == first ? 1 : 0;
        var stop = last is not null && Special(pair[^1]) == last ? 1 : 0;
        if (pair.Length - start - stop > 0)
            TakeSeparator(pair[start..^stop], last);
    }

    private void TakeFirst(string first)
    {
        if (_files.Config is null)
        {
            _config["bos_token"] = first;
        }
        else if (!Is("bos", first) && !Is("cls", first))
        {
            if (!IsTrue(Token("bos")))
                _config["bos_token"] = first;
            if (!IsTrue(Token("cls")))
                _config["cls_token"] = first;
        }

        _adds["bos"] = Is("bos", first) || Is("cls", first);
    }

    private void TakeLast(string last)
    {
        if (_files.Config is null)
        {
            _config["eos_token"] = last;
        }
        else if (!Is("eos", last))
        {
            // The end token of before ends a turn or a message.
            foreach (var other in (string[])["eot", "eom"])
            {
                if (_types.Contains(other))
                    continue;
                _types.Add(other);
                _config[other + "_token"] = Token("eos");
                break;
            }

            _config["eos_token"] = last;
        }

        _adds["eos"] = Is("eos", last);
    }

    // A [sep] [eos] B
    private void TakeSeparator(JsonElement[] pair, string? last)
    {
        if (pair.Length < 3 || Sequence(pair[0]) != "A" || Sequence(pair[^1]) != "B")
            return;
        var inner = pair[1..^1];
        var add = Special(inner[0]) is { } one && (Is("sep", one) || Is("eos", one)) && last is null;
        if (inner.Length == 2 && Special(inner[1]) is { } two && (Is("sep", two) || Is("eos", two)))
            add = true;
        _adds["sep"] = add;
        if (add && !IsTrue(Token("sep")) && _files.Config is not null)
            _config["sep_token"] = Token("eos");
    }

    private void ReadTokenizerConfig()
    {
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var token in _files.AddedOfJson())
            ids.TryAdd(token.Content, token.Id);
        foreach (var type in _types)
        {
            if (_files.ConfigFlag($"add_{type}_token") is { } add)
                _adds[type] = add;
            var content = Token(type) switch
            {
                string text => text,
                JsonElement { ValueKind: JsonValueKind.Object } entry when entry.TryGetProperty("content", out var c) => c.ValueKind
                == JsonValueKind.String
                    ? c.GetString()
                    : null,
                _ => null,
            };
            if (content is not null && ids.TryGetValue(content, out var id))
                Set(type, id);
        }
    }

    private void ReadConfig(ModelConfig config)
    {
        foreach (var type in _types)
        {
            var key = $"{type}_token_id";
            // The root's stands before that of text_config.
            var value =
                config.Root.TryGetProperty(key, out var own) && own.ValueKind != JsonValueKind.Null ? own
                : config.Find(key) is { } other ? other
                : default;
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var id))
                continue;
            if (id < 0)
                throw config.Fault(key, "an id from 0", $"{id}");
            Set(type, id);
        }
    }

    private void Set(string type, long id)
    {
        if (id <= uint.MaxValue && (_tokens is not { } count || id < count))
            _ids.TryAdd(type, (uint)id);
    }

    private object? Token(string type) => _config.GetValueOrDefault(type + "_token");

    // A token given as an object is no text, so it equals none.
    private bool Is(string type, string text) => Token(type) is string own && own == text;

    private static bool IsTrue(object? value) =>
        value switch
        {
            string text => text.Length > 0,
            JsonElement { ValueKind: JsonValueKind.Object } => true,
            _ => false,
        };

    private static JsonElement[] Items(JsonElement part, string key) =>
        part.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string? Special(JsonElement item) => Inner(item, "SpecialToken");

    private static string? Sequence(JsonElement item) => Inner(item, "Sequence");

    private static string? Inner(JsonElement item, string key) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty(key, out var inner)
        && inner.ValueKind == JsonValueKind.Object
        && inner.TryGetProperty("id", out var id)
        && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;
}
