using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Reads the tokenizer out of a GGUF model's metadata (keys <c>tokenizer.*</c>).</summary>
public static class TokenizerFromGguf
{
    private const string Prefix = "tokenizer.ggml.";
    private const string NamedTemplate = "tokenizer.chat_template.";

    /// <summary>The model's tokenizer, checked as far as the metadata allow; null when the model has none.</summary>
    /// <param name="file">An open model.</param>
    /// <param name="warn">Hears of what is wrong but does no harm, one line each.</param>
    /// <exception cref="InputException">A key has the wrong type, or keys contradict each other.</exception>
    public static TokenizerData? Read(GgufFile file, Action<string>? warn = null)
    {
        var metadata = file.Metadata;
        if (!metadata.TryGetString(Prefix + "model", out var model) || model is "none" or "no_vocab")
            return null;
        var tokens = Bytes(metadata, "tokens") ?? metadata.GetStrings(Prefix + "tokens");
        metadata.TryGetString(Prefix + "pre", out var pre);
        metadata.TryGetString("general.name", out var modelName);
        metadata.TryGetString("general.architecture", out var architecture);
        metadata.TryGetString("tokenizer.chat_template", out var chatTemplate);
        var scores = Scores(metadata);
        metadata.TryGetArray<int>(Prefix + "token_type", out var types);
        var merges = Bytes(metadata, "merges");
        if (model == "gpt2" && string.IsNullOrEmpty(pre))
            warn?.Invoke($"{Prefix}pre: missing; the default pre-tokenizer is used and the quality of the model may suffer");

        RefuseWhatIsMissing(metadata, model, tokens.Length);
        var data = new TokenizerData
        {
            Model = model,
            Pre = pre,
            ModelName = modelName,
            Architecture = architecture,
            Tokens = tokens,
            Scores = scores,
            TokenTypes = types,
            Merges = merges,
            SpecialTokens = SpecialTokens(metadata, tokens.Length, warn),
            AddBos = Flag("add_bos_token"),
            AddEos = Flag("add_eos_token"),
            AddSpacePrefix = Flag("add_space_prefix"),
            RemoveExtraWhitespaces = Flag("remove_extra_whitespaces"),
            ChatTemplate = chatTemplate,
            NamedChatTemplates = metadata
                .Values.Where(v => v.Key.StartsWith(NamedTemplate, StringComparison.Ordinal))
                .ToDictionary(v => v.Key[NamedTemplate.Length..], v => v.Text(), StringComparer.Ordinal),
        };
        TokenizerDataChecks.Check(data);
        return data;

        bool? Flag(string name) => metadata.TryGet<bool>(Prefix + name, out var flag) ? flag : null;
    }

    private static SpecialTokenIds SpecialTokens(GgufMetadata metadata, int count, Action<string>? warn)
    {
        return new SpecialTokenIds
        {
            Bos = Id("bos"),
            Eos = Id("eos"),
            Eot = Id("eot"),
            Eom = Id("eom"),
            Unknown = Id("unknown"),
            Separator = Id("seperator"),
            Padding = Id("padding"),
            Mask = Id("mask"),
            FimPrefix = Id("fim_pre") ?? Id("prefix"),
            FimSuffix = Id("fim_suf") ?? Id("suffix"),
            FimMiddle = Id("fim_mid") ?? Id("middle"),
            FimPadding = Id("fim_pad"),
            FimRepository = Id("fim_rep"),
            FimSeparator = Id("fim_sep"),
        };

        int? Id(string role)
        {
            var key = $"{Prefix}{role}_token_id";
            if (!metadata.TryGet<uint>(key, out var id))
                return null;
            if (id < count)
                return (int)id;
            // Those of padding, masks and the like do nothing here, and public files often name one too many.
            if (role is "bos" or "eos" or "eot" or "eom" or "unknown")
                throw new InputException($"{key}: {id} is beyond the {count} tokens of the vocabulary; convert the model again");
            warn?.Invoke($"{key}: {id} is beyond the {count} tokens of the vocabulary; the default is used");
            return null;
        }
    }

    // Keys that change which tokens come out, and that nothing here follows.
    private static void RefuseWhatIsMissing(GgufMetadata metadata, string model, int tokens)
    {
        if (metadata.TryGetArray<int>(Prefix + "suppress_tokens", out var never) && never.Any(id => id >= 0 && id < tokens))
            throw new InputException($"key {Prefix}suppress_tokens: tokens that must never be said are not supported; remove the key");
        foreach (var key in model == "bert" ? (string[])["normalizer.lowercase", "normalizer.strip_accents", "add_sep_token"] : [])
            if (metadata.TryGet<bool>(Prefix + key, out var set) && !set)
                throw new InputException(
                    $"key {Prefix}{key}: expected true, found false; a tokenizer of kind bert without it is not supported"
                );
    }

    private static string[]? Bytes(GgufMetadata metadata, string key) =>
        metadata.Find(Prefix + key)?.TextBytes() is { } texts ? [.. texts.Select(text => TokenBytes.ToText(text))] : null;

    // Whole numbers are allowed, as by llama.cpp.
    private static float[]? Scores(GgufMetadata metadata) =>
        metadata.Find(Prefix + "scores") is { } scores
            ? scores.ElementType == GgufValueType.Int32
                ? [.. scores.Array<int>().Select(score => (float)score)]
                : scores.Array<float>()
            : null;
}
