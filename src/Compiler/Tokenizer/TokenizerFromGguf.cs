using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Reads a tokenizer's data from the metadata of a GGUF file.</summary>
public static class TokenizerFromGguf
{
    /// <summary>The tokenizer's data, checked.</summary>
    /// <param name="file">Model file.</param>
    /// <param name="warnings">Takes one line for each special id that is outside the vocabulary and is left to its default.</param>
    /// <exception cref="InputException">A key is missing, has the wrong type, or the lists do not belong together.</exception>
    public static TokenizerData Read(GgufFile file, ICollection<string>? warnings = null)
    {
        var meta = file.Metadata;
        var tokens = meta.GetStrings("tokenizer.ggml.tokens");

        int? Id(string key)
        {
            var full = $"tokenizer.ggml.{key}_token_id";
            if (!meta.TryGet<uint>(full, out var id))
                return null;
            if (id < tokens.Length)
                return (int)id;
            warnings?.Add($"{full} is {id}, outside the vocabulary of {tokens.Length}; the default is kept");
            return null;
        }

        bool? Flag(string key) => meta.TryGet<bool>("tokenizer.ggml." + key, out var flag) ? flag : null;
        var data = new TokenizerData
        {
            Model = meta.GetString("tokenizer.ggml.model"),
            Pre = meta.TryGetString("tokenizer.ggml.pre", out var pre) ? pre : null,
            ModelName = meta.TryGetString("general.name", out var name) ? name : null,
            Architecture = meta.TryGetString("general.architecture", out var architecture) ? architecture : null,
            Tokens = tokens,
            Scores = meta.TryGetArray<float>("tokenizer.ggml.scores", out var scores) ? scores : null,
            TokenTypes = meta.TryGetArray<int>("tokenizer.ggml.token_type", out var types) ? types : null,
            Merges = meta.TryGetStrings("tokenizer.ggml.merges", out var merges) ? merges : null,
            SpecialTokens = new SpecialTokenIds
            {
                Bos = Id("bos"),
                Eos = Id("eos"),
                Eot = Id("eot"),
                Eom = Id("eom"),
                Unknown = Id("unknown"),
                Separator = Id("seperator"),
                Padding = Id("padding"),
                Mask = Id("mask"),
                FimPrefix = Id("fim_pre"),
                FimSuffix = Id("fim_suf"),
                FimMiddle = Id("fim_mid"),
                FimPadding = Id("fim_pad"),
                FimRepository = Id("fim_rep"),
                FimSeparator = Id("fim_sep"),
            },
            AddBos = Flag("add_bos_token"),
            AddEos = Flag("add_eos_token"),
            AddSpacePrefix = Flag("add_space_prefix"),
            RemoveExtraWhitespaces = Flag("remove_extra_whitespaces"),
            ChatTemplate = meta.TryGetString("tokenizer.chat_template", out var template) ? template : null,
        };
        TokenizerDataChecks.Check(data);
        return data;
    }
}
