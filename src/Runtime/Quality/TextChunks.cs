using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Runtime.Quality;

/// <summary>
/// A text cut into chunks of one context length, as llama-perplexity does it: the first token of a chunk is replaced by BOS when the
/// tokenizer adds one, and of positions 0…n−1 those from n/2 to n−2 are scored, each on how well it predicts the next token.
/// </summary>
public sealed class TextChunks
{
    /// <summary>Chunks of a token list.</summary>
    /// <param name="tokens">Tokens of the whole text; what is left after the last whole chunk is not used.</param>
    /// <param name="context">Tokens per chunk, at least 4.</param>
    /// <param name="count">Chunks; must not need more tokens than there are.</param>
    /// <param name="bos">Token that replaces the first of each chunk, or −1 for none.</param>
    public TextChunks(int[] tokens, int context, int count, int bos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens.LongLength, (long)context * count);
        Tokens = tokens[..(context * count)];
        Context = context;
        Count = count;
        Bos = bos;
    }

    /// <summary>Tokens of all chunks, before BOS replaces any.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>Tokens per chunk.</summary>
    public int Context { get; }

    /// <summary>Chunks.</summary>
    public int Count { get; }

    /// <summary>Token that replaces the first of each chunk, or −1.</summary>
    public int Bos { get; }

    /// <summary>First scored position of a chunk.</summary>
    public int FirstScored => Context / 2;

    /// <summary>Scored positions per chunk.</summary>
    public int Scored => Context - 1 - FirstScored;

    /// <summary>Tokenizes and cuts the bytes of a file.</summary>
    /// <param name="tokenizer">The chip's tokenizer.</param>
    /// <param name="bytes">The file as it is.</param>
    /// <param name="context">Tokens per chunk.</param>
    /// <param name="most">Chunks at most; negative for all.</param>
    /// <param name="source">Name of the file in messages.</param>
    /// <exception cref="InputException">Too short, or bytes for which the tokenizer would need byte tokens.</exception>
    public static TextChunks Cut(TextTokenizer tokenizer, byte[] bytes, int context, int most, string source)
    {
        var text = LooseText.Of(bytes, out var bad);
        return bad < 0 || tokenizer.ReplacesOddBytes
            ? Cut(tokenizer, text, context, most, source)
            : throw new InputException(
                $"{source}: byte {bad} (0x{bytes[bad]:x2}) is not UTF-8 text, and this model spells such bytes in tokens of their own, "
                    + "which "
                    + "is not supported; convert the file, for example with iconv -t UTF-8"
            );
    }

    /// <summary>Tokenizes and cuts a text.</summary>
    /// <param name="tokenizer">The chip's tokenizer.</param>
    /// <param name="text">Text; one newline at its end is dropped, as llama.cpp drops it.</param>
    /// <param name="context">Tokens per chunk.</param>
    /// <param name="most">Chunks at most; negative for all.</param>
    /// <param name="source">Name of the text in messages.</param>
    /// <exception cref="InputException">Fewer than two contexts of tokens, or a context too short to score anything.</exception>
    public static TextChunks Cut(TextTokenizer tokenizer, string text, int context, int most, string source)
    {
        if (context < 4)
            throw new InputException($"-c {context}: use a context of at least 4 tokens");
        if (most == 0)
            throw new InputException("--chunks 0: use at least one chunk, or -1 for all");
        var tokens = tokenizer.Encode(text.EndsWith('\n') ? text[..^1] : text, addSpecial: true, parseSpecial: false);
        if (tokens.Length < 2L * context)
            throw new InputException(
                $"{source}: {tokens.Length} tokens; a context of {context} needs at least {2L * context}: use a longer text or a smaller -c"
            );
        var all = tokens.Length / context;
        return new TextChunks(tokens, context, most < 0 ? all : Math.Min(all, most), tokenizer.AddsBos ? tokenizer.BosId : -1);
    }

    /// <summary>Tokens of one chunk as they are evaluated.</summary>
    public int[] Chunk(int index)
    {
        var chunk = new int[Context];
        for (var i = 0; i < Context; i++)
            chunk[i] = Tokens[(index * Context) + i];
        if (Bos >= 0)
            chunk[0] = Bos;
        return chunk;
    }

    /// <summary>The token that scored position <paramref name="row"/> (0…<see cref="Scored"/> − 1) of a chunk should predict.</summary>
    public int Next(int chunk, int row) => Tokens[(chunk * Context) + FirstScored + row + 1];
}
