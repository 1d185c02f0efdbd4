namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Everything a tokenizer is made of, as the model file states it: nothing is derived yet, and an absent key is null.
/// The chip image carries it (see <see cref="TokenizerDataFile"/>), so that a chip needs no model file to speak.
/// </summary>
public sealed record TokenizerData
{
    /// <summary>Longest token text accepted, in UTF-16 units.</summary>
    public const int LongestTokenText = 64 * 1024;

    /// <summary>Most tokens accepted; the largest public vocabularies hold about 260,000.</summary>
    public const int MostTokens = 1 << 22;

    /// <summary>Kind of tokenizer: <c>llama</c>, <c>gpt2</c>, <c>gemma4</c> or <c>bert</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the pre-tokenizer; only byte-pair encoding looks at it.</summary>
    public required string? Pre { get; init; }

    /// <summary><c>general.name</c>: a name with phi-3 in it changes how white space after special tokens is treated.</summary>
    public required string? ModelName { get; init; }

    /// <summary><c>general.architecture</c>: a few embedding models strip white space before their mask token.</summary>
    public required string? Architecture { get; init; }

    /// <summary>Token texts in the form of <see cref="TokenBytes"/>; the index is the id.</summary>
    public required string[] Tokens { get; init; }

    /// <summary>Merge scores by id (SentencePiece), or null.</summary>
    public required float[]? Scores { get; init; }

    /// <summary>Token types by id: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte; null = all normal.</summary>
    public required int[]? TokenTypes { get; init; }

    /// <summary>Merges "left right" in falling priority (byte-pair encoding) in the form of <see cref="TokenBytes"/>, or null.</summary>
    public required string[]? Merges { get; init; }

    /// <summary>Ids of the special tokens that the file names.</summary>
    public required SpecialTokenIds SpecialTokens { get; init; }

    /// <summary>Whether BOS begins every text; null: the kind of tokenizer and its pre-tokenizer decide.</summary>
    public required bool? AddBos { get; init; }

    /// <summary>Whether EOS ends every text; null: it does not.</summary>
    public required bool? AddEos { get; init; }

    /// <summary>Whether a space is put before the text; only SentencePiece reads it, and null means true there.</summary>
    public required bool? AddSpacePrefix { get; init; }

    /// <summary>Kept for a faithful copy; none of the kinds supported here changes its result by it.</summary>
    public required bool? RemoveExtraWhitespaces { get; init; }

    /// <summary>Jinja template that turns a list of messages into a prompt, or null.</summary>
    public required string? ChatTemplate { get; init; }

    /// <summary>Further templates by name, e.g. <c>tool_use</c> (keys <c>tokenizer.chat_template.NAME</c>).</summary>
    public IReadOnlyDictionary<string, string> NamedChatTemplates { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
