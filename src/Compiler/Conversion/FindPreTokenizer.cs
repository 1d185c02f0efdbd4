using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Which pre-tokenizer a byte-pair vocabulary needs: by the hash of the ids that it gives the probe text, else by how
/// tokenizer.json cuts that text, else by the family.</summary>
internal static class FindPreTokenizer
{
    // In this order where several cut the probe text alike.
    private static readonly string[] Usual =
    [
        "llama-bpe",
        "qwen2",
        "gpt-2",
        "tekken",
        "gpt-4o",
        "deepseek-v3",
        "dbrx",
        "smollm",
        "qwen35",
        "llada-moe",
        "seed-coder",
        "falcon",
        "bloom",
        "default",
    ];

    /// <summary>The name, and a note when the hash is not known.</summary>
    /// <exception cref="InputException">No pre-tokenizer fits.</exception>
    public static (string Name, string? Note) For(
        TokenizerFiles files,
        Dictionary<string, int> pairs,
        IReadOnlyList<AddedToken> added,
        string family
    )
    {
        const string Unknown = "the pre-tokenizer is not known by its vocabulary";
        if (ProbeText.Words(files, added, ProbeText.Whole) is not { } words)
            return (family, $"{Unknown}; {family}, that of the family, was taken");
        var wholeFirst = files.ModelFlag("ignore_merges") ?? false;
        if (PreTokenizerHashes.Find(ProbeText.Hash(Ids(files, pairs, words, wholeFirst))) is { } known)
            return (known, null);
        if (Alike(files, added, family, wholeFirst) is { } alike)
            return (alike, $"{Unknown}; {alike} cuts text alike and was taken");
        throw new InputException(
            $"{files.PathOf("tokenizer.json")}: {Unknown}, and none cuts text as the file says; give its name with --pre, one of: "
                + $"{string.Join(", ", PreTokenizer.Names)}"
        );
    }

    // Of the whole probe text before a part of it; the family's before others.
    private static string? Alike(TokenizerFiles files, IReadOnlyList<AddedToken> added, string family, bool wholeFirst)
    {
        foreach (var text in (string[])[ProbeText.Whole, ProbeText.WithoutKhmer])
        {
            var expected = ProbeText.Words(files, added, text)!.Select(w => w.Text).ToList();
            bool Cuts(string name) => ProbeText.Words(PreTokenizer.Named(name), text).SequenceEqual(expected);
            if (
                Usual.Prepend(family).FirstOrDefault(name => PreTokenizerRules.Find(name).WholeWordFirst == wholeFirst && Cuts(name)) is
                { } found
            )
                return found;
            if (Cuts(family))
                return family;
        }

        return null;
    }

    private static IEnumerable<int> Ids(
        TokenizerFiles files,
        Dictionary<string, int> pairs,
        IReadOnlyList<ProbeText.Piece> words,
        bool wholeFirst
    )
    {
        var texts = new string[pairs.Values.Max() + 1];
        for (var id = 0; id < texts.Length; id++)
            texts[id] = $"\0{id}";
        foreach (var (text, id) in pairs)
            texts[id] = text;
        var data = new TokenizerData
        {
            Model = "gpt2",
            Pre = null,
            ModelName = null,
            Architecture = null,
            Tokens = texts,
            Scores = null,
            TokenTypes = null,
            Merges = null,
            SpecialTokens = new SpecialTokenIds(),
            AddBos = null,
            AddEos = null,
            AddSpacePrefix = null,
            RemoveExtraWhitespaces = null,
            ChatTemplate = null,
        };
        var encoder = new BytePairEncoder(
            new Vocabulary(data),
            [.. files.Merges()],
            new PreTokenizerRule { Patterns = [], WholeWordFirst = wholeFirst }
        );
        var ids = new List<int>();
        ids.AddRange(Around(files, before: true));
        foreach (var word in words)
            if (word.Id >= 0)
                ids.Add(word.Id);
            else
                encoder.Encode(word.Text, ids);
        ids.AddRange(Around(files, before: false));
        return ids;
    }

    // Special tokens that the post-processor puts before or after a text.
    private static IEnumerable<int> Around(TokenizerFiles files, bool before)
    {
        if (!files.Json!.Value.TryGetProperty("post_processor", out var post) || post.ValueKind != JsonValueKind.Object)
            return [];
        var parts =
            post.TryGetProperty("processors", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().ToArray()
                : [post];
        var template = parts.FirstOrDefault(p => p.TryGetProperty("type", out var t) && t.ToString() == "TemplateProcessing");
        if (
            template.ValueKind != JsonValueKind.Object
            || !template.TryGetProperty("single", out var single)
            || !template.TryGetProperty("special_tokens", out var special)
        )
            return [];
        var items = single.EnumerateArray().ToList();
        var text = items.FindIndex(item => item.TryGetProperty("Sequence", out _));
        return (before ? items.Take(text) : items.Skip(text + 1)).SelectMany(item =>
            item.TryGetProperty("SpecialToken", out var token)
            && token.TryGetProperty("id", out var name)
            && special.TryGetProperty(name.ToString(), out var entry)
            && entry.TryGetProperty("ids", out var ids)
                ? ids.EnumerateArray().Select(id => id.GetInt32()).ToArray()
                : []
        );
    }
}
