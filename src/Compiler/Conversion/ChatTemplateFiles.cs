using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Chat templates of a model folder: tokenizer_config.json's, else chat_template.jinja with additional_chat_templates, else
/// chat_template.json.</summary>
internal static class ChatTemplateFiles
{
    private const string Default = "default";
    private const string Key = "tokenizer.chat_template";

    /// <summary>Writes them.</summary>
    /// <exception cref="InputException">A file is malformed.</exception>
    public static void Write(GgufKeys keys, TokenizerFiles files)
    {
        var named = new List<string>();
        foreach (var (name, template) in Find(files))
        {
            // Any text may stand in the name; in the key only letters and digits do.
            var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            if (safe.Length == 0)
                continue;
            keys.Add(safe == Default ? Key : $"{Key}.{safe}", template);
            if (safe != Default && !named.Contains(safe))
                named.Add(safe);
        }

        if (named.Count > 0)
            keys.Add("tokenizer.chat_templates", named);
    }

    private static IEnumerable<(string Name, string Template)> Find(TokenizerFiles files)
    {
        if (files.Config is { } config && config.TryGetProperty("chat_template", out var own))
            return From(own);
        var jinja = files.PathOf("chat_template.jinja");
        if (File.Exists(jinja))
        {
            var more = files.PathOf("additional_chat_templates");
            return
            [
                (Default, Template(jinja)),
                .. Directory.Exists(more)
                    ? Directory
                        .EnumerateFiles(more, "*.jinja")
                        .Order(StringComparer.Ordinal)
                        .Select(path => (Path.GetFileNameWithoutExtension(path), Template(path)))
                    : [],
            ];
        }

        var json = files.PathOf("chat_template.json");
        return File.Exists(json) && JsonFile.ReadObject(json).TryGetProperty("chat_template", out var template) ? From(template) : [];
    }

    private static string Template(string path) => RegularFile.ReadText(path, ChatTemplate.LongestSource, "a chat template");

    private static IEnumerable<(string Name, string Template)> From(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => [(Default, value.GetString()!)],
            JsonValueKind.Array => value
                .EnumerateArray()
                .Where(entry => entry.ValueKind == JsonValueKind.Object)
                .Select(entry => (Text(entry, "name"), Text(entry, "template")))
                .Where(entry => entry.Item1 is not null && entry.Item2 is not null)
                .Select(entry => (entry.Item1!, entry.Item2!)),
            _ => [],
        };

    private static string? Text(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
