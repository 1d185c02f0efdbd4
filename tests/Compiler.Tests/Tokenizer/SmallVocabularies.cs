using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Vocabularies small enough to work results out by hand.</summary>
internal static class SmallVocabularies
{
    /// <summary>Byte-level: the 256 bytes in the order of their letters, then the merges given, then the special tokens.</summary>
    public static TokenizerData ByteLevel(string pre, string[] merges, params string[] special)
    {
        var bytes = Enumerable
            .Range(0x21, 0x5E)
            .Concat(Enumerable.Range(0xA1, 12))
            .Concat(Enumerable.Range(0xAE, 0x52))
            .Concat(Enumerable.Range(0x100, 68));
        string[] tokens =
        [
            .. bytes.Select(c => ((char)c).ToString()),
            .. merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal)),
            .. special,
        ];
        return Empty("gpt2") with
        {
            Pre = pre,
            Tokens = tokens,
            Merges = merges,
            TokenTypes = [.. tokens.Select((_, id) => id < tokens.Length - special.Length ? 1 : 3)],
        };
    }

    /// <summary>SentencePiece: unknown, BOS, EOS, the 256 byte tokens, then the texts given with falling scores.</summary>
    public static TokenizerData SentencePiece(params string[] texts)
    {
        string[] tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), .. texts];
        return Empty("llama") with
        {
            Tokens = tokens,
            Scores = [.. tokens.Select((_, id) => id < 259 ? 0f : 258f - id)],
            TokenTypes = [2, 3, 3, .. Enumerable.Repeat(6, 256), .. Enumerable.Repeat(1, texts.Length)],
        };
    }

    public static TokenizerData Empty(string model) =>
        new()
        {
            Model = model,
            Pre = null,
            ModelName = null,
            Architecture = null,
            Tokens = [],
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
}
