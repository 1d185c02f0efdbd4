namespace TaalasSim.Training.Tokenizer;

/// <summary>
/// A byte-level vocabulary in GGUF's order: the 256 bytes, then one token for each merge in order of rank, then the begin and end tokens.
/// </summary>
/// <param name="Merges">Pairs of token ids, highest priority first; merge i makes token 256 + i.</param>
public sealed record BpeVocabulary(IReadOnlyList<(int Left, int Right)> Merges)
{
    /// <summary>Text of the token before every document.</summary>
    public const string BeginText = "<|startoftext|>";

    /// <summary>Text of the token that ends every document; llama.cpp stops at it.</summary>
    public const string EndText = "<|endoftext|>";

    /// <summary>Number of tokens.</summary>
    public int Size => 256 + Merges.Count + 2;

    /// <summary>Id of the begin token.</summary>
    public int Begin => Size - 2;

    /// <summary>Id of the end token.</summary>
    public int End => Size - 1;

    /// <summary>The bytes of each token; the two special tokens have none.</summary>
    public byte[][] TokenBytes()
    {
        var bytes = new byte[Size][];
        for (var b = 0; b < 256; b++)
            bytes[b] = [(byte)b];
        for (var i = 0; i < Merges.Count; i++)
            bytes[256 + i] = [.. bytes[Merges[i].Left], .. bytes[Merges[i].Right]];
        bytes[Begin] = [];
        bytes[End] = [];
        return bytes;
    }

    /// <summary>The texts of <c>tokenizer.ggml.tokens</c>, in <see cref="ByteAlphabet"/>.</summary>
    public string[] TokenTexts()
    {
        var texts = TokenBytes().Select(b => ByteAlphabet.Encode(b)).ToArray();
        texts[Begin] = BeginText;
        texts[End] = EndText;
        return texts;
    }

    /// <summary>The texts of <c>tokenizer.ggml.merges</c>: two token texts with a space between.</summary>
    public string[] MergeTexts()
    {
        var texts = TokenTexts();
        return [.. Merges.Select(m => $"{texts[m.Left]} {texts[m.Right]}")];
    }

    /// <summary>Reads a vocabulary back from <see cref="TokenTexts"/> and <see cref="MergeTexts"/>.</summary>
    /// <exception cref="FormatException">The texts are not in the order this class writes.</exception>
    public static BpeVocabulary Parse(IReadOnlyList<string> tokens, IReadOnlyList<string> merges)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i++)
            ids[tokens[i]] = i;
        var vocabulary = new BpeVocabulary([.. merges.Select(m => (IdOf(m[..m.IndexOf(' ', 1)]), IdOf(m[(m.IndexOf(' ', 1) + 1)..])))]);
        return vocabulary.TokenTexts().SequenceEqual(tokens, StringComparer.Ordinal)
            ? vocabulary
            : throw new FormatException("the tokens are not the bytes, the merges and the two special tokens in order.");

        int IdOf(string text) =>
            ids.TryGetValue(text, out var id) ? id : throw new FormatException($"the merge part '{text}' is no token.");
    }
}
