using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Text to token ids and back, id for id as llama.cpp does it. Immutable after <see cref="Create"/>, so threads may share one.
/// (Not named Tokenizer, because the name would collide with its namespace.)
/// </summary>
public sealed class TextTokenizer
{
    private const char EscapedSpace = '\u2581';
    private readonly Vocabulary _vocabulary;
    private readonly SpecialTokenSplitter _splitter;
    private readonly IFragmentEncoder _encoder;
    private readonly HashSet<int> _endsOfGeneration;
    private readonly byte[][] _pieces;
    private readonly int _separatorId;
    private readonly bool _escapesSpaces;
    private readonly TokenizerKind _kind;

    private TextTokenizer(TokenizerData data)
    {
        TokenizerDataChecks.Check(data);
        _kind = TokenizerKinds.Parse(data.Model);
        _vocabulary = new Vocabulary(data);
        ChatTemplate = data.ChatTemplate;
        NamedChatTemplates = data.NamedChatTemplates;

        // Default ids and flags are those of llama.cpp for each kind.
        var ids = data.SpecialTokens;
        var rule =
            _kind == TokenizerKind.BytePair
                ? PreTokenizerRules.Find(
                    data.Model == "gemma4" ? "gemma4"
                    : data.Pre is null or "" ? "default"
                    : data.Pre
                )
                : null;
        var (bos, eos, unknown) = data.Model switch
        {
            "llama" => (1, 2, 0),
            "bert" => (101, -1, 100),
            "gpt2" => (data.Pre is "glm4" or "chatglm-bpe" ? -1 : 11, 11, -1),
            _ => (-1, -1, -1),
        };
        BosId = IdOr(ids.Bos, bos);
        EosId = IdOr(ids.Eos, eos);
        _separatorId = IdOr(ids.Separator, _kind == TokenizerKind.WordPiece ? 102 : -1);
        var unknownId = IdOr(ids.Unknown, unknown);
        AddsBos = _kind == TokenizerKind.WordPiece || rule?.AlwaysAddBos == true || (data.AddBos ?? (rule is null || rule.AddBos));
        AddsEos = _kind != TokenizerKind.WordPiece && (data.AddEos ?? false);
        AddsSpacePrefix = _kind == TokenizerKind.SentencePiece && (data.AddSpacePrefix ?? true);
        _escapesSpaces = _kind == TokenizerKind.SentencePiece || rule?.PlainText == true;
        Require(AddsBos, BosId, "tokenizer.ggml.bos_token_id", "the first token");
        Require(AddsEos, EosId, "tokenizer.ggml.eos_token_id", "the last token");
        Require(_kind == TokenizerKind.WordPiece, _separatorId, "tokenizer.ggml.seperator_token_id", "the last token");
        Require(_kind == TokenizerKind.WordPiece, unknownId, "tokenizer.ggml.unknown_token_id", "words that the vocabulary cannot spell");

        _endsOfGeneration = SpecialTokens.Settle(_vocabulary, ids, EosId);
        SpecialTokens.ApplyNameRules(_vocabulary, data);
        _splitter = new SpecialTokenSplitter(_vocabulary);
        _encoder = _kind switch
        {
            TokenizerKind.SentencePiece => new SentencePieceEncoder(_vocabulary, unknownId),
            TokenizerKind.BytePair => new BytePairEncoder(_vocabulary, data.Merges ?? [], rule!),
            _ => new WordPieceEncoder(_vocabulary, unknownId),
        };
        _pieces = [.. Enumerable.Range(0, _vocabulary.Count).Select(BuildPiece)];
    }

    /// <summary>Number of tokens; ids run from 0 to one less.</summary>
    public int VocabularySize => _vocabulary.Count;

    /// <summary>Id of the beginning-of-sequence token, or -1.</summary>
    public int BosId { get; }

    /// <summary>Id of the end-of-sequence token, or -1.</summary>
    public int EosId { get; }

    /// <summary>Whether <see cref="Encode"/> puts BOS first when asked for special tokens.</summary>
    public bool AddsBos { get; }

    /// <summary>Whether <see cref="Encode"/> puts EOS last when asked for special tokens.</summary>
    public bool AddsEos { get; }

    /// <summary>Whether a space is put before text at the start and after a special token.</summary>
    public bool AddsSpacePrefix { get; }

    /// <summary>Whether bytes that are no UTF-8 become U+FFFD, one for each; otherwise such bytes have tokens of their own, which a text of
    /// characters cannot ask for.</summary>
    public bool ReplacesOddBytes => _kind != TokenizerKind.SentencePiece;

    /// <summary>The model's chat template (Jinja), or null.</summary>
    public string? ChatTemplate { get; }

    /// <summary>Further chat templates by name, e.g. <c>tool_use</c>.</summary>
    public IReadOnlyDictionary<string, string> NamedChatTemplates { get; }

    /// <exception cref="InputException">The data contradict themselves or name a kind or pre-tokenizer that is not known.</exception>
    public static TextTokenizer Create(TokenizerData data) => new(data);

    /// <summary>Ids of a text. Lone surrogates become U+FFFD first.</summary>
    /// <param name="text">Any string.</param>
    /// <param name="addSpecial">Adds BOS, EOS or the separator where the model wants them.</param>
    /// <param name="parseSpecial">Reads the texts of control tokens (such as <c>&lt;s&gt;</c>) as those tokens.</param>
    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        var wellFormed = WellFormed(text);
        var ids = new List<int>(text.Length / 3 + 4);
        if (addSpecial && AddsBos)
            ids.Add(BosId);
        var afterSpecial = true;
        foreach (var fragment in _splitter.Split(wellFormed, parseSpecial))
        {
            if (fragment.Id >= 0)
            {
                ids.Add(fragment.Id);
                afterSpecial = true;
                continue;
            }
            var plain = wellFormed.AsSpan(fragment.Start, fragment.End - fragment.Start);
            if (_escapesSpaces)
            {
                var prefix = AddsSpacePrefix && afterSpecial ? " " : "";
                plain = string.Concat(prefix, plain).Replace(' ', EscapedSpace);
            }
            _encoder.Encode(plain, ids);
            afterSpecial = false;
        }
        if (addSpecial && AddsEos)
            ids.Add(EosId);
        if (addSpecial && _kind == TokenizerKind.WordPiece)
            ids.Add(_separatorId);
        return [.. ids];
    }

    /// <summary>
    /// Text of ids, without the space that <see cref="Encode"/> put at the start. Bytes that are no UTF-8 become U+FFFD.
    /// For byte-level vocabularies it is the inverse of <see cref="Encode"/>.
    /// </summary>
    /// <param name="ids">Token ids, each below <see cref="VocabularySize"/>.</param>
    /// <param name="renderSpecial">Shows control and unknown tokens as their texts instead of leaving them out.</param>
    public string Decode(ReadOnlySpan<int> ids, bool renderSpecial = false)
    {
        var decoder = new StreamingDecoder(this, renderSpecial);
        var text = new StringBuilder();
        foreach (var id in ids)
            text.Append(decoder.Push(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <summary>Raw bytes of a token as they appear in the text: not always whole characters; spaces are spaces.</summary>
    public ReadOnlySpan<byte> Piece(int id) => _pieces[CheckedId(id)];

    /// <summary>Token text as the vocabulary holds it; bytes that are not UTF-8 become U+FFFD.</summary>
    public string TokenText(int id) => TokenBytes.Readable(_vocabulary.Texts[CheckedId(id)]);

    /// <summary>Id of the token with exactly this text in the vocabulary, or -1.</summary>
    public int FindToken(string text) => _vocabulary.Find(text);

    /// <summary>Whether a model that emits this token is done.</summary>
    public bool IsEndOfGeneration(int id) => _endsOfGeneration.Contains(id);

    /// <summary>Whether the token is a control or unknown token, which text for people leaves out.</summary>
    public bool IsSpecial(int id) => _vocabulary.Has(CheckedId(id), TokenAttributes.Control | TokenAttributes.Unknown);

    internal bool StripsLeadingSpace => AddsSpacePrefix || _kind == TokenizerKind.WordPiece;

    private static string WellFormed(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) is var copy && copy == text ? text : copy;

    private static void Require(bool needed, int id, string key, string use)
    {
        if (needed && id < 0)
            throw new InputException($"{key}: missing or out of range, but needed for {use}; convert the model again");
    }

    private int IdOr(int? id, int fallback)
    {
        var chosen = id ?? fallback;
        return chosen < _vocabulary.Count ? chosen : -1;
    }

    private int CheckedId(int id) =>
        (uint)id < (uint)_vocabulary.Count
            ? id
            : throw new ArgumentOutOfRangeException(nameof(id), id, $"a token id lies between 0 and {_vocabulary.Count - 1}");

    private byte[] BuildPiece(int id)
    {
        var text = _vocabulary.Texts[id];
        if (_vocabulary.Has(id, TokenAttributes.Unknown | TokenAttributes.Control | TokenAttributes.UserDefined))
            return TokenBytes.Of(text);
        if (_vocabulary.Has(id, TokenAttributes.Normal))
            return _kind == TokenizerKind.BytePair && !_escapesSpaces
                ? ByteAlphabet.Decode(text)
                : TokenBytes.Of(text.Replace(EscapedSpace, ' '));
        return _vocabulary.Has(id, TokenAttributes.Byte) ? [ByteOf(id, text)] : [];
    }

    private static byte ByteOf(int id, string text) =>
        text.Length == 6
        && text.StartsWith("<0x", StringComparison.Ordinal)
        && byte.TryParse(text.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, provider: null, out var value)
            ? value
            : throw new InputException(
                $"tokenizer.ggml.tokens: byte token {id} is '{text}', expected <0x00> to <0xFF>; convert the model again"
            );
}
