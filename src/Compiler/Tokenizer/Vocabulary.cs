using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>Token texts, their attributes and the way back from a text to its id.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _idOfText;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOfSpan;

    public Vocabulary(TokenizerData data)
    {
        Texts = new string[data.Tokens.Length];
        Attributes = new TokenAttributes[Texts.Length];
        Scores = data.Scores ?? new float[Texts.Length];
        _idOfText = new Dictionary<string, int>(Texts.Length, StringComparer.Ordinal);
        _idOfSpan = _idOfText.GetAlternateLookup<ReadOnlySpan<char>>();
        // No text that is encoded holds them, so they are not found by their texts.
        var bytes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < Texts.Length; id++)
        {
            var text = data.Tokens[id];
            if (text.Length == 0)
                text = string.Create(CultureInfo.InvariantCulture, $"[EMPTY_{id}]");
            Texts[id] = text;
            var ids = TokenBytes.IsText(text) ? _idOfText : bytes;
            if (!ids.TryAdd(text, id))
                throw new InputException(
                    $"tokenizer.ggml.tokens: tokens {ids[text]} and {id} have the same text {GgufFaults.Quote(text)}; convert the "
                        + "model again"
                );
            Attributes[id] = FromType(data.TokenTypes?[id] ?? 1);
            LongestText = Math.Max(LongestText, text.Length);
        }
    }

    public string[] Texts { get; }

    public TokenAttributes[] Attributes { get; }

    public float[] Scores { get; }

    /// <summary>Length of the longest token text in UTF-16 units.</summary>
    public int LongestText { get; }

    public int Count => Texts.Length;

    /// <summary>Id of a text, or -1.</summary>
    public int Find(ReadOnlySpan<char> text) => _idOfSpan.TryGetValue(text, out var id) ? id : -1;

    public bool Has(int id, TokenAttributes any) => (Attributes[id] & any) != TokenAttributes.None;

    /// <summary>Ids of the byte tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; the plain one-byte text where there is none; -1 where
    /// neither is.</summary>
    public int[] ByteTokens()
    {
        var ids = new int[256];
        for (var value = 0; value < ids.Length; value++)
        {
            ids[value] = Find($"<0x{value:X2}>");
            if (ids[value] < 0 && value < 128)
                ids[value] = Find([(char)value]);
        }
        return ids;
    }

    private static TokenAttributes FromType(int type) =>
        type switch
        {
            1 => TokenAttributes.Normal,
            2 => TokenAttributes.Unknown,
            3 => TokenAttributes.Control,
            4 => TokenAttributes.UserDefined,
            5 => TokenAttributes.Unused,
            6 => TokenAttributes.Byte,
            _ => TokenAttributes.None,
        };
}
