namespace TaalasSim.Compiler.Conversion;

/// <summary>The vocabulary of the file that is made.</summary>
internal sealed record ConvertedVocabulary
{
    /// <summary>Types of tokens, as in GGUF.</summary>
    internal const int Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6;

    /// <summary><c>tokenizer.ggml.model</c>.</summary>
    public required string Model { get; init; }

    /// <summary><c>tokenizer.ggml.pre</c>.</summary>
    public required string Pre { get; init; }

    /// <summary>Texts in UTF-8 by id.</summary>
    public required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>Scores by id, or null.</summary>
    public float[]? Scores { get; init; }

    /// <summary>Types by id.</summary>
    public required int[] Types { get; init; }

    /// <summary>Whether merges are written.</summary>
    public bool HasMerges => Scores is null;

    /// <summary>Whether a space is put in front of the text; null leaves that open.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary>Oddities, one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether a token's text says that it is a control token, although its file does not.</summary>
    public static bool LooksSpecial(string text) =>
        text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]"
        || Between(text, "<|", "|>")
        || Between(text, "<｜", "｜>")
        || Between(text, "<unused", ">");

    /// <summary>Writes the keys.</summary>
    public void WriteTo(GgufKeys keys)
    {
        keys.Add("tokenizer.ggml.model", Model);
        keys.Add("tokenizer.ggml.pre", Pre);
        keys.Add("tokenizer.ggml.tokens", Tokens);
        if (Scores is not null)
            keys.AddArray("tokenizer.ggml.scores", Scores);
        keys.AddArray("tokenizer.ggml.token_type", Types);
        if (AddSpacePrefix is { } prefix)
            keys.Add("tokenizer.ggml.add_space_prefix", prefix);
    }

    private static bool Between(string text, string start, string end) =>
        text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal);
}
